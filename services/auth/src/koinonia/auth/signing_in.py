"""The five requests that change who is signed in, each as one story.

They take several parts and open their own transactions: a password is hashed while no connection
is held, a failure is written down although the request fails, and Redis follows the commit.
"""

from dataclasses import dataclass

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth import accounts, audit, sessions
from koinonia.auth.accounts import NO_ID, Account, Registration
from koinonia.auth.audit import Action
from koinonia.auth.errors import AccountDisabled, EmailTaken, InvalidCredentials, WeakPassword
from koinonia.auth.passwords import guessable
from koinonia.auth.running import Parts
from koinonia.auth.sessions import Ended, Ending, Known, Live
from koinonia.auth.team import invitations
from koinonia.auth.team.invitations import Acceptance
from koinonia.common.identity import (
    Identity,
    SessionEnded,
    TokenSigner,
)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Client:
    """Who knocks: a network address, a browser's name, its anonymous CSRF cookie."""

    address: str | None = None
    user_agent: str | None = None
    csrf_id: str | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An account with the two tokens of its session."""

    account: Account
    access_token: str
    refresh_token: str


async def register(parts: Parts, wanted: Registration, password: str, client: Client) -> SignedIn:
    """Found a church and sign its owner in."""
    if guessable(password, wanted.email, wanted.church_name):
        raise WeakPassword
    password_hash = await parts.passwords.hashed(password)
    signer = await parts.keys.signer()
    async with parts.database.transaction() as session:
        account = await accounts.register(session, wanted, password_hash)
        if account is None:
            raise EmailTaken
        live = await _begin(session, Action.REGISTERED, account, client)
    return _signed_in(signer, account, live)


async def accept(parts: Parts, wanted: Acceptance, password: str, client: Client) -> SignedIn:
    """Let somebody who was invited join their church, and sign them in."""
    async with parts.database.transaction() as session:
        invited = await invitations.of_token(session, wanted.token)
    if guessable(password, invited.email, invited.church_name):
        raise WeakPassword
    password_hash = await parts.passwords.hashed(password)
    signer = await parts.keys.signer()
    async with parts.database.transaction() as session:
        account = await invitations.accept(session, wanted, password_hash)
        live = await _begin(session, Action.JOINED, account, client)
    return _signed_in(signer, account, live)


async def login(parts: Parts, email: str, password: str, client: Client) -> SignedIn:
    """Sign an admin in; an unknown address goes the way of a wrong password and takes as long."""
    async with parts.database.transaction() as session:
        account = await accounts.of_email(session, email)
    password_hash = account.password_hash if account else parts.passwords.of_nobody
    matches = await parts.passwords.match(password_hash, password)
    if account is None or not matches:
        await _note_failure(parts, account, client)
        raise InvalidCredentials
    if account.disabled_at:
        raise AccountDisabled
    outdated = parts.passwords.outdated(password_hash)
    newer_hash = await parts.passwords.hashed(password) if outdated else None
    signer = await parts.keys.signer()
    async with parts.database.transaction(account.church_id) as session:
        if newer_hash:
            await accounts.replace_hash(session, account, newer_hash)
        account = await accounts.hold(session, account.admin_id)
        live = await _begin(session, Action.LOGGED_IN, account, client)
    return _signed_in(signer, account, live)


async def refresh(parts: Parts, token: str, client: Client) -> SignedIn:
    """Exchange a refresh token; one that was used before ends its session."""
    signer = await parts.keys.signer()
    async with parts.database.transaction() as session:
        renewed = await sessions.renew(session, token)
        if isinstance(renewed, Live):
            account = await accounts.enabled(session, renewed.admin_id)
            return _signed_in(signer, account, renewed)
        await _record(session, Action.TOKEN_REUSED, renewed, client)
    await sessions.revoke(parts.revocations, [renewed.id])
    log.warning("session.token_reused", session_id=renewed.id)
    raise SessionEnded


async def logout(
    parts: Parts, identity: Identity | None, token: str | None, client: Client
) -> None:
    """End the session of the access token and that of the refresh token; mostly they are one.
    To be signed out already is no error."""
    ending = {Known(identity.session_id, identity.church_id)} if identity else set()
    if token:
        async with parts.database.transaction() as session:
            known = await sessions.of_token(session, token)
        ending |= {known} if known else set()
    for known in ending:
        await _end(parts, known, client)


async def _end(parts: Parts, known: Known, client: Client) -> None:
    async with parts.database.transaction(known.church_id) as session:
        ended = await sessions.end(session, known.id, Ending.LOGOUT)
        if ended:
            await _record(session, Action.LOGGED_OUT, ended, client)
    await sessions.revoke(parts.revocations, [known.id])


async def _begin(session: AsyncSession, action: Action, account: Account, client: Client) -> Live:
    live = await sessions.begin(session, account, client.csrf_id, client.user_agent)
    await _record(session, action, live, client)
    return live


async def _record(session: AsyncSession, action: Action, on: Live | Ended, client: Client) -> None:
    await audit.record(session, action, on.church_id, on.admin_id, client.address, session_id=on.id)


async def _note_failure(parts: Parts, account: Account | None, client: Client) -> None:
    church_id, admin_id = (account.church_id, account.admin_id) if account else (NO_ID, NO_ID)
    async with parts.database.transaction(church_id) as session:
        await audit.record(session, Action.LOGIN_FAILED, church_id, admin_id, client.address)
    log.info("login.failed")


def _signed_in(signer: TokenSigner, account: Account, live: Live) -> SignedIn:
    identity = Identity(
        admin_id=account.admin_id,
        church_id=account.church_id,
        role=account.role,
        session_id=live.id,
        csrf=live.csrf,
    )
    return SignedIn(account, signer.sign(identity), live.refresh_token)
