"""Addresses that take no mail, or whose people called ours spam.

A mark belongs to the address, whoever has it, and is kept by its digest. It goes when the address
is proved anew: somebody used a link that was mailed to it. What is wrong is told to its owner and
to the team; mail that can wait for a person is not sent there (:attr:`Kind.spares_marked`).
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth.email_digests import digest
from koinonia.common import clock, db, outbox
from koinonia.common.events.auth import AddressMarked
from koinonia.common.events.ingress import MailOutcome, MailReported

log = structlog.get_logger()

KEPT = timedelta(days=90)  # a mark of an address that nobody has


class EmailTrouble(StrEnum):
    """Why no mail goes to an address."""

    BOUNCED = "bounced"  # it takes none
    DROPPED = "dropped"  # the provider of mail sends none there
    COMPLAINED = "complained"  # its owner called ours spam


class _Told(NamedTuple):
    email_digest: bytes | None
    church_id: UUID
    admin_id: UUID | None


async def record(session: AsyncSession, event: MailReported) -> None:
    """Keep what became of a mail, and mark its address where it takes none."""
    await settle(session, event.mail_id, event.outcome, event.reported_at)


async def settle(session: AsyncSession, mail_id: UUID, outcome: MailOutcome, at: datetime) -> None:
    """The same of a mail that a provider refused at once."""
    told = await db.first(
        session,
        _Told,
        """
        UPDATE mails SET outcome = :outcome, outcome_at = :at
         WHERE id = :id AND (outcome_at IS NULL OR outcome_at <= :at)
        RETURNING email_digest, church_id, admin_id
        """,
        {"id": mail_id, "outcome": outcome, "at": at},
    )
    if told is None or told.email_digest is None or not outcome.marks_address:
        return
    is_new = await _mark(session, told.email_digest, outcome, at)
    if is_new and told.admin_id is not None:
        marked = AddressMarked(church_id=told.church_id, admin_id=told.admin_id, reason=outcome)
        await outbox.add(session, marked)
    log.warning("mail.address_marked", mail=str(mail_id), outcome=outcome)


async def clear(session: AsyncSession, email: str) -> None:
    """Somebody used a link that was mailed to the address: it takes mail."""
    await db.run(
        session,
        "UPDATE marked_addresses SET cleared_at = :now WHERE email_digest = :digest",
        {"digest": digest(email), "now": clock.now()},
    )


async def trouble(session: db.Session, email: str) -> EmailTrouble | None:
    """What is wrong with an address, if anything is known."""
    reason = await db.value(
        session,
        str,
        "SELECT reason FROM marked_addresses WHERE email_digest = :digest AND cleared_at IS NULL",
        {"digest": digest(email)},
    )
    return EmailTrouble(reason) if reason else None


async def prune(session: AsyncSession) -> int:
    """Delete old marks of addresses that nobody has; returns how many."""
    return await db.run(
        session,
        """
        DELETE FROM marked_addresses
         WHERE marked_at < :before
           AND NOT EXISTS (SELECT FROM logins
                            WHERE logins.email_digest = marked_addresses.email_digest)
        """,
        {"before": clock.now() - KEPT},
    )


async def _mark(
    session: AsyncSession, email_digest: bytes, outcome: MailOutcome, at: datetime
) -> bool:
    """Whether it is marked newly. A report from before the address was proved anew says nothing
    any more."""
    marked = await db.run(
        session,
        """
        INSERT INTO marked_addresses AS known (email_digest, reason, marked_at)
        VALUES (:digest, :reason, :at)
        ON CONFLICT (email_digest) DO UPDATE
           SET reason = excluded.reason, marked_at = excluded.marked_at, cleared_at = NULL
         WHERE known.cleared_at < excluded.marked_at
        """,
        {"digest": email_digest, "reason": outcome, "at": at},
    )
    return marked > 0
