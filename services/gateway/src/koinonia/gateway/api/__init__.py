"""The routes that the gateway answers itself."""

from koinonia.gateway.api import csrf, events, reference

ROUTERS = (csrf.router, reference.router, events.router)
