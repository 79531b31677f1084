"""The routes of auth, one file per collection."""

from koinonia.auth.api import authentication, church, invitations, keys, team

ROUTERS = (
    authentication.router,
    church.router,
    team.router,
    invitations.router,
    keys.router,
)
