"""The routes of auth, one file per collection."""

from koinonia.auth.api import (
    api_keys,
    audit_trail,
    authentication,
    church,
    invitations,
    keys,
    notifications,
    recovery,
    second_factor,
    sessions,
    team,
)

ROUTERS = (
    authentication.router,
    recovery.router,
    sessions.router,
    second_factor.router,
    church.router,
    team.router,
    invitations.router,
    audit_trail.router,
    notifications.router,
    keys.router,
    api_keys.router,
    api_keys.inside,
)
