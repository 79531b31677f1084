"""The routes of auth, one file per collection."""

from koinonia.auth.api import authentication, church, invitations, keys, recovery, team

ROUTERS = (
    authentication.router,
    recovery.router,
    church.router,
    team.router,
    invitations.router,
    keys.router,
)
