"""Domain-free foundations: settings, runtime, web, identity, database, bus, outbox, cache, telemetry."""
