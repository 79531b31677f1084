"""Mails that are to be sent: a row each, made in the transaction of what they tell.

The address, the name and the values, links with their secrets among them, are sealed until the mail
is sent, and are gone then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth.email_digests import digest
from koinonia.auth.mailing.kinds import Kind
from koinonia.common import clock, db
from koinonia.common.crypto import KeyRing


class State(StrEnum):
    """Where a mail is. Only one that waits moves, to one of the others."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"  # it will never be taken
    EXPIRED = "expired"  # it is worth nothing any more


KEPT = timedelta(days=90)  # what became of a mail


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Whom a mail goes to; without ``admin_id`` somebody who is not of the team."""

    church_id: UUID
    admin_id: UUID | None
    address: str = field(repr=False)
    name: str | None = field(default=None, repr=False)


class Due(NamedTuple):
    """A mail whose turn it is; ``attempts`` with this one."""

    id: UUID
    kind: str  # a Kind
    language: str  # a folder of templates
    sealed: bytes
    attempts: int
    expires_at: datetime
    is_marked: bool  # its address


@dataclass(frozen=True, slots=True)
class Content:
    """What is sealed in a mail."""

    address: str = field(repr=False)
    name: str | None = field(repr=False)
    values: Mapping[str, object] = field(repr=False)


async def add(
    session: AsyncSession,
    ring: KeyRing,
    kind: Kind,
    to: Recipient,
    language: str,
    values: Mapping[str, object],
) -> UUID:
    """Have a mail sent after this transaction; its id. ``values`` are those its template names."""
    if kind.has_latest_link:
        await _withdraw_earlier(session, kind, to)
    mail_id, now = db.uuid7(), clock.now()
    content = orjson.dumps({"address": to.address, "name": to.name, "values": values})
    await db.run(
        session,
        """
        INSERT INTO mails (id, church_id, admin_id, email_digest, kind, language, sealed, due_at,
                           expires_at, created_at)
        VALUES (:id, :church, :admin, :digest, :kind, :language, :sealed, :now, :expires_at, :now)
        """,
        {
            "id": mail_id,
            "church": to.church_id,
            "admin": to.admin_id,
            "digest": digest(to.address),
            "kind": kind,
            "language": language,
            "sealed": ring.seal(content, mail_id.bytes),
            "now": now,
            "expires_at": now + kind.worth_sending,
        },
    )
    return mail_id


def opened(ring: KeyRing, mail: Due) -> Content:
    """What is sealed in a mail. Raises ``SealBroken``."""
    return Content(**orjson.loads(ring.open(mail.sealed, mail.id.bytes)))


async def claim(session: AsyncSession, most: int, lease: timedelta) -> Sequence[Due]:
    """Up to ``most`` mails whose turn it is (ix_mails_due_at). Nobody else gets them within
    ``lease``; who dies meanwhile has them sent once more."""
    now = clock.now()
    return await db.rows(
        session,
        Due,
        """
        UPDATE mails SET attempts = attempts + 1, due_at = :leased
         WHERE id IN (SELECT id FROM mails WHERE state = 'waiting' AND due_at <= :now
                       ORDER BY due_at LIMIT :most FOR UPDATE SKIP LOCKED)
        RETURNING id, kind, language, sealed, attempts, expires_at,
                  EXISTS (SELECT FROM marked_addresses marked
                           WHERE marked.email_digest = mails.email_digest
                             AND marked.cleared_at IS NULL) AS is_marked
        """,
        {"now": now, "leased": now + lease, "most": most},
    )


async def record_sent(
    session: AsyncSession, mail_id: UUID, provider: str, provider_id: str | None
) -> None:
    await _end(session, mail_id, State.SENT, provider=provider, provider_id=provider_id)


async def record_failed(session: AsyncSession, mail_id: UUID, failure: str) -> None:
    await _end(session, mail_id, State.FAILED, failure=failure)


async def expire(session: AsyncSession, mail_id: UUID, failure: str | None) -> None:
    """It is worth nothing any more; ``failure`` is why it was not sent before."""
    await _end(session, mail_id, State.EXPIRED, failure=failure)


async def postpone(session: AsyncSession, mail_id: UUID, until: datetime, failure: str) -> None:
    await db.run(
        session,
        "UPDATE mails SET due_at = :until, failure = :failure WHERE id = :id AND state = 'waiting'",
        {"id": mail_id, "until": until, "failure": failure},
    )


async def prune(session: AsyncSession) -> int:
    """Delete what ended long ago (ix_mails_ended_at), and end what is worth nothing any more where
    nobody sends mail; returns how many were deleted."""
    await db.run(
        session,
        """
        UPDATE mails SET state = 'expired', sealed = NULL, ended_at = :now
         WHERE state = 'waiting' AND expires_at < :now
        """,
        {"now": clock.now()},
    )
    return await db.run(
        session,
        "DELETE FROM mails WHERE state <> 'waiting' AND ended_at < :before",
        {"before": clock.now() - KEPT},
    )


async def _withdraw_earlier(session: AsyncSession, kind: Kind, to: Recipient) -> None:
    """What waits still and has a link that works no more (ix_mails_church_id_admin_id)."""
    await db.run(
        session,
        """
        UPDATE mails SET state = 'expired', sealed = NULL, ended_at = :now
         WHERE church_id = :church AND admin_id = :admin AND kind = :kind AND state = 'waiting'
        """,
        {"church": to.church_id, "admin": to.admin_id, "kind": kind, "now": clock.now()},
    )


async def _end(
    session: AsyncSession,
    mail_id: UUID,
    state: State,
    *,
    failure: str | None = None,
    provider: str | None = None,
    provider_id: str | None = None,
) -> None:
    await db.run(
        session,
        """
        UPDATE mails SET state = :state, sealed = NULL, failure = :failure, provider = :provider,
                         provider_id = :provider_id, ended_at = :now
         WHERE id = :id AND state = 'waiting'
        """,
        {
            "id": mail_id,
            "state": state,
            "failure": failure,
            "provider": provider,
            "provider_id": provider_id,
            "now": clock.now(),
        },
    )
