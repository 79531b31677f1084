"""``/api/auth``: register, sign in, renew, sign out, and the own account."""

from fastapi import APIRouter, Response, status

from koinonia.auth import accounts, audit, authentication, churches, cookies, sessions
from koinonia.auth.audit import Action
from koinonia.auth.authentication import SignedIn
from koinonia.auth.dependencies import ClientDep, KnownAdmin, RefreshCookie, RunningDep
from koinonia.auth.errors import RefreshTokenMissing
from koinonia.auth.running import Running
from koinonia.auth.schemas import LoginIn, OwnAccountOut, RefreshTokenIn, RegisterIn, SignedInOut
from koinonia.auth.second_factor.schemas import ChallengeIn, EnrolmentOut, SecondStepIn
from koinonia.auth.team import colleagues
from koinonia.auth.team.schemas import NameChange
from koinonia.common.identity import SessionEnded
from koinonia.common.web import TAGGED, CurrentAdmin, ReadDep, SessionDep

router = APIRouter(prefix="/api/auth", tags=["auth"])


@router.post(
    "/register",
    status_code=status.HTTP_201_CREATED,
    summary="Register a church and its first admin",
)
async def register(
    body: RegisterIn, running: RunningDep, client: ClientDep, response: Response
) -> SignedInOut:
    signed_in = await authentication.register(running, body.registration(), body.password, client)
    return signed_in_answer(running, response, signed_in, as_tokens=body.tokens)


@router.post("/login", summary="Sign in")
async def login(
    body: LoginIn, running: RunningDep, client: ClientDep, response: Response
) -> SignedInOut:
    signed_in = await authentication.login(running, body.email, body.password, client)
    return signed_in_answer(running, response, signed_in, as_tokens=body.tokens)


@router.post("/login/code", summary="Sign in by the second step")
async def enter_code(
    body: SecondStepIn, running: RunningDep, client: ClientDep, response: Response
) -> SignedInOut:
    """For who has a second factor: the challenge came with the answer to the password."""
    signed_in = await authentication.enter_code(running, body.challenge, body.code, client)
    return signed_in_answer(running, response, signed_in, as_tokens=body.tokens)


@router.post("/login/enrol", summary="Begin the second factor that one's church requires")
async def begin_enrolment(
    body: ChallengeIn, running: RunningDep, response: Response
) -> EnrolmentOut:
    response.headers["Cache-Control"] = "no-store"
    return EnrolmentOut.begun(await authentication.begin_enrolment(running, body.challenge))


@router.post("/login/enrol/confirm", summary="Turn that second factor on, and sign in")
async def confirm_enrolment(
    body: SecondStepIn, running: RunningDep, client: ClientDep, response: Response
) -> SignedInOut:
    """The recovery codes are shown at this moment only."""
    signed_in = await authentication.confirm_enrolment(running, body.challenge, body.code, client)
    return signed_in_answer(running, response, signed_in, as_tokens=body.tokens)


@router.post("/refresh", summary="Renew the session")
async def refresh_session(
    running: RunningDep,
    client: ClientDep,
    response: Response,
    cookie: RefreshCookie,
    body: RefreshTokenIn | None = None,
) -> SignedInOut:
    """Takes the refresh token from the body, else from the cookie, and answers the same way."""
    shown = body.refresh_token if body else None
    token = shown or cookie
    if not token:
        raise RefreshTokenMissing
    signed_in = await authentication.refresh(running, token, client)
    return signed_in_answer(running, response, signed_in, as_tokens=shown is not None)


@router.post("/logout", status_code=status.HTTP_204_NO_CONTENT, summary="Sign out")
async def logout(
    running: RunningDep,
    client: ClientDep,
    admin: KnownAdmin,
    response: Response,
    cookie: RefreshCookie,
    body: RefreshTokenIn | None = None,
) -> None:
    shown = body.refresh_token if body else None
    await authentication.logout(running, admin, shown or cookie, client)
    cookies.delete(response, running.settings)


@router.get("/me", summary="Who is signed in, and what they may do", dependencies=TAGGED)
async def read_me(read: ReadDep, admin: CurrentAdmin) -> OwnAccountOut:
    if not await sessions.is_live(read, admin.session_id):
        raise SessionEnded
    account = await accounts.enabled(read, admin.admin_id)
    return OwnAccountOut.signed_in(account, admin.role)


@router.patch("/me", summary="Change one's own name")
async def change_me(
    session: SessionDep, admin: CurrentAdmin, client: ClientDep, body: NameChange
) -> OwnAccountOut:
    await churches.lock(session)
    account = await accounts.enabled(session, admin.admin_id)
    changed = await colleagues.change(session, account, account, body.given())
    if changed:
        await audit.record(
            session,
            Action.ADMIN_UPDATED,
            admin.church_id,
            admin.admin_id,
            client.address,
            thing_id=admin.admin_id,
            changed=changed,
        )
    account = await accounts.enabled(session, admin.admin_id)
    return OwnAccountOut.signed_in(account, admin.role)


def signed_in_answer(
    running: Running, response: Response, signed_in: SignedIn, *, as_tokens: bool
) -> SignedInOut:
    """Give the session either as tokens in the body or as cookies, never as both: a script in
    the page cannot read what is in cookies, and tokens are in no browser's cookies."""
    response.headers["Cache-Control"] = "no-store"
    out = SignedInOut.from_account(signed_in.account)
    out.recovery_codes = signed_in.recovery_codes
    if as_tokens:
        return out.with_tokens(signed_in)
    cookies.set_session(response, signed_in.access_token, signed_in.refresh_token, running.settings)
    if signed_in.device:
        cookies.set_device(response, signed_in.device, running.settings)
    return out
