"""Domain-free foundations: settings, runtime, web, identity, database, bus, cache, telemetry."""
