"""A carrier announces a group text once for each of our numbers in it, under an id for each, and
every announcement names all of them. A church needs the text once, and from whichever comes first.

Two announcements are of one text where sender, group, words and number of files are the same, they
came within two minutes, and they came by way of different numbers of ours: by way of one number,
somebody wrote the same again.
"""

import json
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.events.ingress import CarrierMessageReceived
from koinonia.common.phone import Phones

WITHIN = timedelta(minutes=2)


def key(church_id: UUID, event: CarrierMessageReceived, phones: Phones) -> str:
    """A blind index of all that is the same in each announcement of a text. ``event`` is as the
    church has it."""
    said = [
        phones.open(event.sealed_sender),
        event.to,
        sorted(map(phones.open, event.sealed_group)),
        event.text,
        len(event.media_urls),
    ]
    return phones.index(church_id, f"group text {json.dumps(said)}")


async def announced_before(
    session: AsyncSession, church_id: UUID, event: CarrierMessageReceived, via: str, text_key: str
) -> UUID | None:
    """The line that this announcement is of, by way of the number ``via``; None where it is of none
    yet (ix_group_announcements_key). The thread is locked."""
    return await db.value(
        session,
        UUID,
        """
        SELECT message_id FROM group_announcements AS a
         WHERE church_id = :church AND text_key = :key AND via <> :via
           AND received_at BETWEEN :from AND :to
           AND NOT EXISTS (SELECT FROM group_announcements
                            WHERE church_id = a.church_id AND text_key = a.text_key
                              AND message_id = a.message_id AND via = :via)
         ORDER BY received_at, message_id LIMIT 1
        """,
        {
            "church": church_id,
            "key": text_key,
            "via": via,
            "from": event.received_at - WITHIN,
            "to": event.received_at + WITHIN,
        },
    )


async def record(
    session: AsyncSession,
    church_id: UUID,
    event: CarrierMessageReceived,
    via: str,
    text_key: str,
    message_id: UUID,
) -> None:
    """Keep that the line was announced so; once more changes nothing."""
    await db.run(
        session,
        """
        INSERT INTO group_announcements (church_id, carrier, carrier_message_id, message_id,
                                         text_key, via, received_at)
        VALUES (:church, :carrier, :carrier_message, :message, :key, :via, :at)
        ON CONFLICT (church_id, carrier, carrier_message_id) DO NOTHING
        """,
        {
            "church": church_id,
            "carrier": event.carrier,
            "carrier_message": event.carrier_message_id,
            "message": message_id,
            "key": text_key,
            "via": via,
            "at": event.received_at,
        },
    )
