"""Registration, acceptance of an invitation, login, refresh and logout.

They open their own transactions: a password is hashed while no connection is held, a failure is
recorded although the request fails, and Redis follows the commit.
"""

from dataclasses import dataclass, replace

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth import accounts, attempts, audit, churches, sessions, strength
from koinonia.auth.accounts import NO_ID, Account, Registration
from koinonia.auth.audit import Action
from koinonia.auth.errors import (
    AccountDisabled,
    EmailTaken,
    InvalidCredentials,
    SecondFactorMissing,
    SecondFactorRequired,
)
from koinonia.auth.recovery import addresses
from koinonia.auth.running import Running
from koinonia.auth.second_factor import challenges, enrolment, second_factors
from koinonia.auth.second_factor.enrolment import Begun
from koinonia.auth.sessions import Ended, Ending, Known, Live, Place
from koinonia.auth.team import invitations
from koinonia.auth.team.invitations import Acceptance
from koinonia.common.identity import Identity, Role, SessionEnded, TokenSigner, expiry
from koinonia.common.web import addresses as networks

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Client:
    """A client: its network address, its user agent, its anonymous CSRF cookie, and
    the proof that it signed in before."""

    address: str | None = None
    user_agent: str | None = None
    csrf_id: str | None = None
    device: str | None = None

    @property
    def place(self) -> Place:
        return Place(self.user_agent, networks.network_around(self.address))


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An account with the two tokens of its session; ``device`` is given when it begins."""

    account: Account
    access_token: str
    refresh_token: str
    device: str | None = None
    recovery_codes: list[str] | None = None  # of a second factor that was set up on the way


async def register(
    running: Running, registration: Registration, password: str, client: Client
) -> SignedIn:
    """Add a church and sign its owner in."""
    strength.check(
        password,
        registration.email,
        registration.church_name,
        registration.first_name,
        registration.last_name,
    )
    password_hash = await running.passwords.hashed(password)
    signer = await running.keys.signer()
    async with running.database.transaction() as session:
        account = await accounts.register(
            session,
            registration,
            password_hash,
            is_verified=running.settings.trusts_registration,
        )
        if account is None:
            raise EmailTaken
        if running.settings.trusts_registration:
            await addresses.record_proof(session, account)
        else:
            await addresses.begin_proof(session, running, account)
        live = await _begin(session, Action.REGISTERED, account, client)
    return _begun(running, signer, account, live)


async def accept(
    running: Running, acceptance: Acceptance, password: str, client: Client
) -> SignedIn:
    """Add an invited admin to the church and sign them in."""
    async with running.database.transaction() as session:
        invited = await invitations.by_token(session, acceptance.token)
    strength.check(
        password,
        invited.email,
        invited.church_name,
        acceptance.first_name or invited.first_name,
        acceptance.last_name or invited.last_name,
    )
    password_hash = await running.passwords.hashed(password)
    signer = await running.keys.signer()
    async with running.database.transaction() as session:
        account, displaced = await invitations.accept(session, acceptance, password_hash)
        step = await _second_step(session, running, account)
        live = await _begin(session, Action.JOINED, account, client) if step is None else None
    await sessions.revoke(running.revocations, displaced)
    if live is None:
        raise step or SessionEnded
    return _begun(running, signer, account, live)


async def login(running: Running, email: str, password: str, client: Client) -> SignedIn:
    """Sign an admin in; an unknown address is answered like a wrong password and takes as long.
    Raises ``TooManyAttempts``, unless this device signed in to the account before."""
    digest = attempts.account_digest(running.macs, email)
    known_device = attempts.knows(running.macs, client.device, email)
    async with running.database.transaction() as session:
        number = await attempts.begin(session, digest, known_device=known_device)
        account = await accounts.by_email(session, email)
    password_hash = account.password_hash if account else running.passwords.placeholder_hash
    matches = await running.passwords.match(password_hash, password)
    if account is None or not matches:
        await _record_failure(running, account, client, number)
        raise InvalidCredentials
    if account.disabled_at:
        raise AccountDisabled
    outdated = running.passwords.outdated(password_hash)
    newer_hash = await running.passwords.hashed(password) if outdated else None
    signer = await running.keys.signer()
    async with running.database.transaction(account.church_id) as session:
        if newer_hash:
            await accounts.replace_hash(session, account, newer_hash)
        account = await accounts.lock(session, account.admin_id)
        await attempts.forget(session, digest)
        step = await _second_step(session, running, account)
        live = await _begin(session, Action.LOGGED_IN, account, client) if step is None else None
    if live is None:
        raise step or SessionEnded
    return _begun(running, signer, account, live)


async def enter_code(running: Running, challenge: str, code: str, client: Client) -> SignedIn:
    """Sign in by the second step. Raises ``ChallengeOver``, ``WrongCode``, ``TooManyAttempts``."""
    account = await _challenged(running, challenge)
    await enrolment.check(running, account, code, client.address)
    return await _enter(running, account, client)


async def begin_enrolment(running: Running, challenge: str) -> Begun:
    """A secret for who needs a second factor to come in. Raises ``ChallengeOver``,
    ``SecondFactorExists``."""
    return await enrolment.begin_for(running, await _challenged(running, challenge))


async def confirm_enrolment(
    running: Running, challenge: str, code: str, client: Client
) -> SignedIn:
    """Turn the second factor on and sign in, with recovery codes. Raises as ``enter_code``."""
    account = await _challenged(running, challenge)
    codes = await enrolment.confirm_for(running, account, code, client.address)
    return replace(await _enter(running, account, client), recovery_codes=codes)


async def refresh(running: Running, token: str, client: Client) -> SignedIn:
    """Exchange a refresh token; one that was used some time before ends its session."""
    signer = await running.keys.signer()
    async with running.database.transaction() as session:
        renewed = await sessions.renew(session, running.macs, token, client.place)
        if isinstance(renewed, Live):
            account = await accounts.enabled(session, renewed.admin_id)
            return _signed_in(signer, account, renewed)
        await _record(session, Action.TOKEN_REUSED, renewed, client)
    await sessions.revoke(running.revocations, [renewed.id])
    log.warning("session.token_reused", session_id=renewed.id)
    raise SessionEnded


async def logout(
    running: Running, identity: Identity | None, token: str | None, client: Client
) -> None:
    """End the session of the access token and that of the refresh token; mostly they are one.
    To be signed out already is no error."""
    ending = {Known(identity.session_id, identity.church_id)} if identity else set()
    if token:
        async with running.database.transaction() as session:
            known = await sessions.by_token(session, token)
        ending |= {known} if known else set()
    for known in ending:
        await _end(running, known, client)


async def _end(running: Running, known: Known, client: Client) -> None:
    async with running.database.transaction(known.church_id) as session:
        ended = await sessions.end(session, known.id, Ending.LOGOUT)
        if ended:
            await _record(session, Action.LOGGED_OUT, ended, client)
    await sessions.revoke(running.revocations, [known.id])


async def _challenged(running: Running, challenge: str) -> Account:
    async with running.database.transaction() as session:
        return await challenges.owner(session, running.macs, challenge)


async def _second_step(
    session: AsyncSession, running: Running, account: Account
) -> SecondFactorRequired | None:
    """What is wanted beside the password, if anything."""
    if await second_factors.is_on(session, account.admin_id):
        wanted = SecondFactorRequired
    elif await churches.requires_second_factor(session):
        wanted = SecondFactorMissing
    else:
        return None
    challenge = challenges.issue(running.macs, account)
    return wanted(challenge, int(challenges.LIFETIME.total_seconds()))


async def _enter(running: Running, account: Account, client: Client) -> SignedIn:
    signer = await running.keys.signer()
    async with running.database.transaction(account.church_id) as session:
        account = await accounts.lock(session, account.admin_id)
        live = await _begin(session, Action.LOGGED_IN, account, client)
    return _begun(running, signer, account, live)


async def _begin(session: AsyncSession, action: Action, account: Account, client: Client) -> Live:
    live = await sessions.begin(session, account, client.csrf_id, client.place)
    await _record(session, action, live, client)
    return live


async def _record(session: AsyncSession, action: Action, on: Live | Ended, client: Client) -> None:
    await audit.record(session, action, on.church_id, on.admin_id, client.address, on.id)


async def _record_failure(
    running: Running, account: Account | None, client: Client, number: int
) -> None:
    church_id, admin_id = (account.church_id, account.admin_id) if account else (NO_ID, NO_ID)
    async with running.database.transaction(church_id) as session:
        await audit.record(session, Action.LOGIN_FAILED, church_id, admin_id, client.address)
        if number == attempts.FREE:
            await audit.record(session, Action.SIGN_IN_SLOWED, church_id, admin_id, client.address)
    log.info("login.failed")


def _begun(running: Running, signer: TokenSigner, account: Account, live: Live) -> SignedIn:
    device = attempts.device_token(running.macs, account.email)
    return replace(_signed_in(signer, account, live), device=device)


def _signed_in(signer: TokenSigner, account: Account, live: Live) -> SignedIn:
    identity = Identity(
        admin_id=account.admin_id,
        church_id=account.church_id,
        role=Role(account.role),
        session_id=live.id,
        csrf=live.csrf,
        expires_at=expiry(live.issued_at),
        email=account.email,
    )
    return SignedIn(account, signer.sign(identity), live.refresh_token)
