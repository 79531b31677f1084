"""The routes of people."""

from koinonia.messaging.people.api import branches, consents, groups, imports, members

ROUTERS = (
    branches.router,
    groups.router,
    imports.router,
    members.router,
    consents.router,
)
