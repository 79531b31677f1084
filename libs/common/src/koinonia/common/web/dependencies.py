"""Dependencies of routes: the caller, a transaction of their church, a page.

All are coroutines: FastAPI runs plain functions in a thread, which costs more than they do.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated

import structlog
from fastapi import Depends, File, Query, Request, UploadFile
from fastapi.routing import APIRoute, RouteContext
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db, identity
from koinonia.common.db import Read
from koinonia.common.errors import Forbidden, Unauthorized
from koinonia.common.identity import (
    Identity,
    KeyGrant,
    Role,
    SessionEnded,
    TokenExpired,
    TokenInvalid,
    permissions,
)
from koinonia.common.identity.keys import KeysUnavailable
from koinonia.common.pagination import PageParams
from koinonia.common.running import Process, Running
from koinonia.common.settings import DatabaseSettings, Settings
from koinonia.common.web import answers
from koinonia.common.web.answers import raises
from koinonia.common.web.auditing import actions
from koinonia.common.web.auditing.actions import Action


async def running(request: Request) -> object:
    """What the runtime opened. A service says of which type that is, once, in ``dependencies.py``:
    ``RunningDep = Annotated[Running, Depends(web.running)]``."""
    opened: object = request.app.state.running
    return opened


class KeyNotPermitted(Forbidden):
    """A key does what it was given and nothing else, whatever its role would be let do."""

    code = "KEY_NOT_PERMITTED"

    def __init__(self, permission: str) -> None:
        super().__init__(
            f"This takes the permission {permission}, which the API key does not have. Make one "
            "that has it: POST /api/auth/keys."
        )


@raises(Unauthorized, TokenInvalid, TokenExpired, SessionEnded, KeysUnavailable, KeyNotPermitted)
async def current_admin(request: Request) -> Identity:
    """The bearer of the access token; 401 without a valid one, 403 for a key without the
    permission of the operation."""
    token = identity.bearer(request.headers.get("authorization"))
    process: Process[Settings] = request.app.state.running
    verified = await process.verifier.verify(token)
    structlog.contextvars.bind_contextvars(church_id=str(verified.church_id))
    if verified.key:
        _check_key(verified.key, request.scope["route"])
    return verified


CurrentAdmin = Annotated[Identity, Depends(current_admin)]


async def transaction(request: Request, admin: CurrentAdmin) -> AsyncIterator[AsyncSession]:
    process: Running[DatabaseSettings] = request.app.state.running
    async with process.database.transaction(church_id=admin.church_id) as session:
        session.info[db.ADMIN] = admin.admin_id
        yield session
        await actions.record_request(request, admin, session)


async def replica_transaction(request: Request, admin: CurrentAdmin) -> AsyncIterator[AsyncSession]:
    process: Running[DatabaseSettings] = request.app.state.running
    async with process.replica.transaction(church_id=admin.church_id, read_only=True) as session:
        yield session


async def read(request: Request, admin: CurrentAdmin) -> AsyncIterator[Read]:
    process: Running[DatabaseSettings] = request.app.state.running
    async with process.database.read(admin.church_id) as begun:
        yield begun


# Scope "function" ends the transaction when the route has returned and before its answer leaves:
# whoever reads 200 can rely on the commit, and a commit that fails is a 500.
SessionDep = Annotated[AsyncSession, Depends(transaction, scope="function")]
ReadDep = Annotated[Read, Depends(read, scope="function")]
"""For a list: a transaction that only reads, straight through the driver."""
ReplicaSessionDep = Annotated[AsyncSession, Depends(replica_transaction, scope="function")]


async def current_action(request: Request, admin: CurrentAdmin) -> Action:
    found = actions.begun(request, admin)
    if found is None:
        raise TypeError(f"{request.scope['route'].name} is not in the service's table of actions")
    return found


ActionDep = Annotated[Action, Depends(current_action)]
"""What the audit trail keeps of the request (:mod:`koinonia.common.web.auditing.actions`)."""


_REQUIRED: dict[Callable[..., object], Role] = {}


def require(role: Role) -> Callable[[Identity], Awaitable[Identity]]:
    """A dependency that lets ``role`` and those above it pass, and answers 403 to others."""

    @raises(Forbidden)
    async def required(admin: CurrentAdmin) -> Identity:
        if not admin.role.includes(role):
            raise Forbidden(
                f"This takes the role {role}; yours is {admin.role}. Ask an owner of the church."
            )
        return admin

    _REQUIRED[required] = role
    return required


def required_role(dependency: Callable[..., object] | None) -> Role | None:
    """The lowest role that a dependency of a route lets pass: every one that is signed in, those
    that :func:`require` names, or None where it asks for nobody."""
    if dependency is current_admin:
        return Role.VIEWER
    return _REQUIRED.get(dependency) if dependency else None


_PERMISSIONS: dict[Callable[..., object], str | None] = {}  # by what answers


def _check_key(grant: KeyGrant, route: APIRoute) -> None:
    if route.endpoint not in _PERMISSIONS:
        _PERMISSIONS[route.endpoint] = permission(route)
    needed = _PERMISSIONS[route.endpoint]
    if needed is not None and needed not in grant.permissions:
        raise KeyNotPermitted(needed)


def permission(route: APIRoute | RouteContext) -> str | None:
    """What an operation takes: what it is about, which is its first tag, with the lowest role that
    its dependencies let pass. None where nobody has to be signed in."""
    found = [required_role(each.call) for each in answers.dependants(route.dependant)]
    needed = [role for role in found if role is not None]
    lowest = max(needed, key=lambda role: sum(role.includes(each) for each in Role), default=None)
    subject = str(route.tags[0]) if route.tags else "api"
    return lowest and permissions.name(subject, lowest)


OwnerOnly = Annotated[Identity, Depends(require(Role.OWNER))]
OwnerOrAdmin = Annotated[Identity, Depends(require(Role.ADMIN))]
StaffOrAbove = Annotated[Identity, Depends(require(Role.STAFF))]


async def page_params(params: Annotated[PageParams, Query()]) -> PageParams:
    """A dependency of its own, because FastAPI takes a query model apart only where it is the
    sole query parameter; so a route may have filters beside it."""
    return params


PageQuery = Annotated[PageParams, Depends(page_params)]


async def one_file(
    files: Annotated[list[UploadFile], File(min_length=1, max_length=1, description="one file")],
) -> UploadFile:
    """Uploads are called ``files`` in every form, also where one is all that is taken."""
    return files[0]


OneFile = Annotated[UploadFile, Depends(one_file)]
