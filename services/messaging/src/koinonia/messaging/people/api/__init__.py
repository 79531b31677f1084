"""The routes of people."""

from koinonia.messaging.people.api import branches, groups, imports, members

ROUTERS = (branches.router, groups.router, imports.router, members.router)
