"""Routes: register, sign in, renew, sign out, who am I; and the keys that verify tokens."""

from typing import Any

from fastapi import APIRouter, Response, status

from koinonia.auth import accounts, cookies, sessions, signing_in
from koinonia.auth.errors import RefreshTokenMissing
from koinonia.auth.requests import ClientDep, KnownAdmin, PartsDep, RefreshCookie
from koinonia.auth.schemas import AccountOut, LoginIn, RefreshTokenIn, RegisterIn, SignedInOut
from koinonia.auth.signing_in import SignedIn
from koinonia.common.identity import SessionEnded
from koinonia.common.web import CurrentAdmin, RunningDep, SessionDep

router = APIRouter(prefix="/api/auth", tags=["auth"])
keys_router = APIRouter(tags=["auth"])


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
    return _handed_over(signed_in, response, running, body.tokens)


@router.post("/login", response_model_exclude_unset=True, summary="Sign in")
async def login(
    body: LoginIn, parts: PartsDep, client: ClientDep, response: Response, running: RunningDep
) -> SignedInOut:
    signed_in = await signing_in.login(parts, body.email, body.password, client)
    return _handed_over(signed_in, response, running, body.tokens)


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
    token = body.refresh_token if body else cookie
    if not token:
        raise RefreshTokenMissing
    signed_in = await signing_in.refresh(parts, token, client)
    return _handed_over(signed_in, response, running, as_tokens=body is not None)


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
    token = body.refresh_token if body else cookie
    await signing_in.logout(parts, admin, token, client)
    cookies.take_back(response, secure=running.settings.is_https)


@router.get("/me", summary="Who is signed in")
async def me(session: SessionDep, admin: CurrentAdmin) -> AccountOut:
    if not await sessions.is_live(session, admin.session_id):
        raise SessionEnded
    return AccountOut.of(await accounts.enabled(session, admin.admin_id))


@keys_router.get("/.well-known/jwks.json", summary="The keys that verify access tokens")
async def jwks(parts: PartsDep, response: Response) -> dict[str, Any]:
    response.headers["Cache-Control"] = "public, max-age=300"
    return await parts.keys.jwks()


def _handed_over(
    signed_in: SignedIn, response: Response, running: Any, as_tokens: bool
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
