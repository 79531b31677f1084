"""The time between the password and the second factor: a token that proves the first.

It is no session and opens nothing but the second step. It holds whose it is and until when, under
a keyed digest that a new password makes void; so nothing is stored.
"""

import base64
import hmac
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth import accounts
from koinonia.auth.accounts import Account
from koinonia.auth.errors import ChallengeOver
from koinonia.auth.macs import Macs, Purpose
from koinonia.common import clock, db

LIFETIME = timedelta(minutes=10)  # an app may have to be installed first
_PARTS = 4
_PLACES = 12  # of seconds since 1970


def issue(macs: Macs, account: Account) -> str:
    """What the second step is to show."""
    expires = str(int((clock.now() + LIFETIME).timestamp()))
    head = f"{account.church_id.hex}.{account.admin_id.hex}.{expires}"
    return f"{head}.{_proofs(macs, head, account)[0]}"


async def owner(session: AsyncSession, macs: Macs, token: str) -> Account:
    """Who showed their password for this token. Leaves the session inside their church. Raises
    ``ChallengeOver``."""
    parts = token.split(".")
    if len(parts) != _PARTS:
        raise ChallengeOver
    church, admin, expires, proof = parts
    try:
        church_id, admin_id = UUID(hex=church), UUID(hex=admin)
    except ValueError:
        raise ChallengeOver from None
    if not (expires.isascii() and expires.isdigit() and len(expires) <= _PLACES):
        raise ChallengeOver
    if int(expires) <= clock.now().timestamp():
        raise ChallengeOver
    await db.enter_church(session, church_id)
    account = await accounts.by_id(session, admin_id)
    if account is None or account.disabled_at:
        raise ChallengeOver
    shown = proof.encode("utf-8", "replace")
    head = f"{church}.{admin}.{expires}"
    if not any(hmac.compare_digest(shown, p.encode()) for p in _proofs(macs, head, account)):
        raise ChallengeOver
    return account


def _proofs(macs: Macs, head: str, account: Account) -> list[str]:
    digests = macs.digests(Purpose.CHALLENGE, f"{head} {account.password_hash}".encode())
    return [base64.urlsafe_b64encode(digest).rstrip(b"=").decode() for digest in digests]
