"""Parked texts whose number has an owner by now are taken in."""

import structlog

from koinonia.conversation.inbound import parked_texts, received_texts
from koinonia.conversation.running import Running

log = structlog.get_logger()


async def take_in_owned(running: Running) -> None:
    """The loop, one transaction for each text."""
    async with running.database.transaction() as session:
        waiting = await parked_texts.owned(session)
    for event_id in waiting:
        try:
            async with running.database.transaction() as session:
                event = await parked_texts.unpark(session, event_id, running.phones)
                if event is not None:
                    await received_texts.receive(running, session, [event])
        except Exception:  # one that cannot be read must not delay the others
            log.exception("inbound.unpark_failed", parked_id=str(event_id))
            async with running.database.transaction() as session:
                await parked_texts.postpone(session, event_id)
