"""Genuine calls that we do not understand: kept, sealed, for operators."""

import base64
from collections.abc import Sequence

import structlog

from koinonia.carriers.contract import Parsed, Unknown
from koinonia.common import db
from koinonia.ingress.running import Running
from koinonia.mail.contract import Unread

log = structlog.get_logger()

CONTEXT = b"kept call"


def not_understood(parsed: Sequence[Parsed]) -> list[Unknown]:
    return [item for item in parsed if isinstance(item, Unknown)]


async def keep(
    running: Running, caller: str, unknown: Sequence[Unknown | Unread], raw: bytes
) -> None:
    """Store the raw body once for a call that holds anything unknown."""
    if not unknown:
        return
    first = unknown[0]
    sealed = base64.b64encode(running.phones.ring.seal(raw, CONTEXT)).decode()
    async with running.database.transaction() as session:
        await db.run(
            session,
            """
            INSERT INTO kept_calls (id, carrier, event_type, reason, sealed_body)
            VALUES (:id, :carrier, :event_type, :reason, :body)
            """,
            {
                "id": db.uuid7(),
                "carrier": caller,
                "event_type": first.event_type[:100],
                "reason": first.reason[:300],
                "body": sealed,
            },
        )
    log.info("call.kept", caller=caller, event_type=first.event_type[:100])


async def prune(running: Running) -> None:
    """Delete calls older than ``KOINONIA_KEPT_DAYS``."""
    async with running.database.transaction() as session:
        await db.run(
            session,
            "DELETE FROM kept_calls WHERE received_at < now() - make_interval(days => :days)",
            {"days": running.settings.kept_days},
        )
