"""Pausing a message: by staff, or because every further text would fail, until somebody resumes it.

What a worker has in hand is finished and recorded; the batches behind it wait.
"""

from collections.abc import Iterable
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.carriers.failures import Failure, Follows
from koinonia.common import clock, db
from koinonia.messaging.errors import NotBeingSent, NotPaused
from koinonia.messaging.messages import batch_release, queries
from koinonia.messaging.numbers import number_checks
from koinonia.messaging.vocabulary import MessageStatus, PauseCode

log = structlog.get_logger()

PAUSES_MESSAGE = (Follows.PAUSE_CHURCH, Follows.PAUSE_ALL)
"""What follows from failures after which every further text would fail."""
_STOPPING = {str(failure): failure for failure in Failure if failure.follows in PAUSES_MESSAGE}

STAFF = PauseCode.STAFF
BY_STAFF = "Staff paused this message. Resume it to send the rest."


def stopping_failure(failures: Iterable[str | None]) -> Failure | None:
    """The first of these failures of texts that stops the whole message."""
    return next((_STOPPING[name] for name in failures if name in _STOPPING), None)


async def pause(session: AsyncSession, message_id: UUID) -> None:
    """Staff's pause; a message that is paused already keeps its reason."""
    paused = await db.run(
        session,
        """
        UPDATE messages SET status = 'paused', pause_code = :code, pause_reason = :reason
         WHERE id = :id AND status = 'sending'
        """,
        {"id": message_id, "code": STAFF, "reason": BY_STAFF},
    )
    status = (await queries.message(session, message_id)).status
    if not paused and status != MessageStatus.PAUSED:
        raise NotBeingSent.now(status)


async def resume(
    session: AsyncSession, church_id: UUID, message_id: UUID, *, others: bool = False
) -> None:
    """Send what is left. ``others``: also of the church's other messages that were paused for the
    same reason, except by staff. If the reason still holds, the first texts pause them again."""
    resumed = await db.values(
        session,
        UUID,
        """
        UPDATE messages m
           SET status = 'sending', resumed_at = :now, pause_code = NULL, pause_reason = NULL
          FROM (SELECT id FROM messages
                 WHERE church_id = :church AND status = 'paused'
                   AND (id = :id OR (:others AND pause_code <> :staff AND pause_code = (
                        SELECT pause_code FROM messages WHERE id = :id AND status = 'paused')))
                 ORDER BY id FOR NO KEY UPDATE) AS held
         WHERE m.id = held.id
        RETURNING m.id
        """,
        {
            "id": message_id,
            "church": church_id,
            "others": others,
            "staff": STAFF,
            "now": clock.now(),
        },
    )
    status = (await queries.message(session, message_id)).status
    if status != MessageStatus.SENDING:
        raise NotPaused.now(status)
    for resumed_id in resumed:
        await batch_release.release(session, resumed_id)


async def pause_for_failure(
    session: AsyncSession, church_id: UUID, message_id: UUID, failure: Failure
) -> None:
    """Stop a message that would fail text by text, and what else its church sends by this carrier.

    Of those others, the ones that another worker has locked are passed over: we hold locks
    already, and to wait for more would break their order. They meet the failure themselves.
    """
    if failure.follows is Follows.PAUSE_ALL:
        log.error("carrier.account_refused", failure=failure)
    if failure is Failure.MISCONFIGURED:
        await number_checks.hasten(session, message_id)
    parameters = {"id": message_id, "code": failure, "reason": failure.sentence}
    await db.run(
        session,
        """
        UPDATE messages SET status = 'paused', pause_code = :code, pause_reason = :reason
         WHERE id = :id AND status = 'sending'
        """,
        parameters,
    )
    await db.run(
        session,
        """
        UPDATE messages m SET status = 'paused', pause_code = :code, pause_reason = :reason
          FROM (SELECT id FROM messages
                 WHERE church_id = :church AND status = 'sending'
                   AND carrier = (SELECT carrier FROM messages WHERE id = :id)
                   FOR NO KEY UPDATE SKIP LOCKED) AS free
         WHERE m.id = free.id
        """,
        parameters | {"church": church_id},
    )
