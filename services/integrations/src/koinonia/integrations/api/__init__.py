"""The routes of integrations."""

from koinonia.integrations.api import endpoints

ROUTERS = (endpoints.router,)
