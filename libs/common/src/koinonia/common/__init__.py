"""Domain-free foundations: settings, runtime, web, identity, database, bus, cache, telemetry."""

from koinonia.common.memory import import_plainly

import_plainly()
