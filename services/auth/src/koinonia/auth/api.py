"""Routes: register, sign in, renew, sign out, who am I, what am I called."""

import contextlib
from typing import Annotated

from fastapi import APIRouter, Cookie, Depends, Header, Request, Response, status

from koinonia.auth import accounts, audit, churches, cookies, sessions, signing_in
from koinonia.auth.audit import Action
from koinonia.auth.dependencies import RunningDep
from koinonia.auth.errors import RefreshTokenMissing
from koinonia.auth.running import Parts, Running
from koinonia.auth.schemas import (
    AccountOut,
    LoginIn,
    NameChange,
    RefreshTokenIn,
    RegisterIn,
    SignedInOut,
)
from koinonia.auth.signing_in import Client, SignedIn
from koinonia.auth.team import colleagues
from koinonia.common.errors import Unauthorized
from koinonia.common.identity import Identity, SessionEnded, bearer
from koinonia.common.web import CurrentAdmin, SessionDep

router = APIRouter(prefix="/api/auth", tags=["auth"])

LONGEST_USER_AGENT = 300


async def parts(running: RunningDep) -> Parts:
    opened: Parts = running.parts
    return opened


async def client(
    request: Request,
    csrf_id: Annotated[
        str | None,
        Header(alias="X-Koinonia-Csrf-Id", max_length=128, include_in_schema=False),
    ] = None,
) -> Client:
    """As the gateway tells it; the gateway lets no such header through from outside."""
    agent = request.headers.get("user-agent")
    return Client(_address(request), agent and agent[:LONGEST_USER_AGENT], csrf_id or None)


async def known_admin(request: Request) -> Identity | None:
    """Who asks, if the access token still says so."""
    with contextlib.suppress(Unauthorized):
        token = bearer(request.headers.get("authorization"))
        identity: Identity = await request.app.state.running.verifier.verify(token)
        return identity
    return None


PartsDep = Annotated[Parts, Depends(parts)]
ClientDep = Annotated[Client, Depends(client)]
KnownAdmin = Annotated[Identity | None, Depends(known_admin)]
RefreshCookie = Annotated[str | None, Cookie(alias=cookies.REFRESH, include_in_schema=False)]


@router.post(
    "/register",
    status_code=status.HTTP_201_CREATED,
    response_model_exclude_unset=True,
    summary="Register a church and its first admin",
)
async def register(
    body: RegisterIn, parts: PartsDep, client: ClientDep, response: Response, running: RunningDep
) -> SignedInOut:
    signed_in = await signing_in.register(parts, body.registration(), body.password, client)
    return handed_over(signed_in, response, running, body.tokens)


@router.post("/login", response_model_exclude_unset=True, summary="Sign in")
async def login(
    body: LoginIn, parts: PartsDep, client: ClientDep, response: Response, running: RunningDep
) -> SignedInOut:
    signed_in = await signing_in.login(parts, body.email, body.password, client)
    return handed_over(signed_in, response, running, body.tokens)


@router.post("/refresh", response_model_exclude_unset=True, summary="Renew the session")
async def refresh(
    parts: PartsDep,
    client: ClientDep,
    response: Response,
    running: RunningDep,
    cookie: RefreshCookie = None,
    body: RefreshTokenIn | None = None,
) -> SignedInOut:
    """Takes the refresh token from the body, else from the cookie, and answers the same way."""
    shown = body.refresh_token if body else None
    token = shown or cookie
    if not token:
        raise RefreshTokenMissing
    signed_in = await signing_in.refresh(parts, token, client)
    return handed_over(signed_in, response, running, as_tokens=shown is not None)


@router.post("/logout", status_code=status.HTTP_204_NO_CONTENT, summary="Sign out")
async def logout(
    parts: PartsDep,
    client: ClientDep,
    admin: KnownAdmin,
    response: Response,
    running: RunningDep,
    cookie: RefreshCookie = None,
    body: RefreshTokenIn | None = None,
) -> None:
    shown = body.refresh_token if body else None
    await signing_in.logout(parts, admin, shown or cookie, client)
    cookies.take_back(response, secure=running.settings.is_https)


@router.get("/me", summary="Who is signed in")
async def me(session: SessionDep, admin: CurrentAdmin) -> AccountOut:
    if not await sessions.is_live(session, admin.session_id):
        raise SessionEnded
    return AccountOut.of(await accounts.enabled(session, admin.admin_id))


@router.patch("/me", summary="Change one's own name")
async def change_me(
    session: SessionDep, admin: CurrentAdmin, client: ClientDep, body: NameChange
) -> AccountOut:
    await churches.hold(session)
    account = await accounts.enabled(session, admin.admin_id)
    changed = await colleagues.change(session, account, account, body.given())
    if changed:
        await audit.record(
            session,
            Action.ADMIN_UPDATED,
            admin.church_id,
            admin.admin_id,
            client.address,
            of=admin.admin_id,
            changed=changed,
        )
    return AccountOut.of(await accounts.enabled(session, admin.admin_id))


def handed_over(
    signed_in: SignedIn, response: Response, running: Running, as_tokens: bool
) -> SignedInOut:
    """A session travels one way: what a script asked for as tokens is in no browser's cookies,
    and what is in cookies no script in the page can read."""
    response.headers["Cache-Control"] = "no-store"
    out = SignedInOut.of(signed_in.account)
    if as_tokens:
        return out.with_tokens(signed_in)
    cookies.hand_out(
        response,
        signed_in.access_token,
        signed_in.refresh_token,
        secure=running.settings.is_https,
    )
    return out


def _address(request: Request) -> str | None:
    """The last entry is the one that our own gateway wrote."""
    forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return forwarded[:64] or (request.client.host if request.client else None)
