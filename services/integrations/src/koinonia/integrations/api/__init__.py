"""The routes of integrations."""

from koinonia.integrations.api import deliveries, endpoints

ROUTERS = (endpoints.router, deliveries.router)
