"""Every business event, kept as ids and figures."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.events import ChurchEvent, by_church

HEAD = frozenset(ChurchEvent.model_fields)
WORDS = frozenset(
    {
        "status",
        "previous_status",
        "plan",
        "code",
        "source",
        "role",
        "carrier",
        "meaning",
        "direction",
    }
)
"""The only texts that are kept. Any other may be a name, a phone or what somebody wrote."""


async def note(session: AsyncSession, event: ChurchEvent) -> None:
    await keep(session, event.church_id, [event])


async def note_many(session: AsyncSession, events: Sequence[ChurchEvent]) -> None:
    """The same of what comes with every text, for all of a moment at once."""
    for church_id, own in by_church(events):
        await db.enter_church(session, church_id)
        await keep(session, church_id, own)


async def keep(session: AsyncSession, church_id: UUID, events: Sequence[ChurchEvent]) -> None:
    """Keep the events of one church."""
    await db.run(
        session,
        """
        INSERT INTO event_log (event_id, church_id, name, occurred_at, summary)
        SELECT event_id, :church, name, occurred_at, CAST(summary AS jsonb)
          FROM unnest(CAST(:ids AS uuid[]), CAST(:names AS text[]),
                      CAST(:times AS timestamptz[]), CAST(:summaries AS text[]))
               AS given (event_id, name, occurred_at, summary)
        """,
        {
            "church": church_id,
            "ids": [event.id for event in events],
            "names": [event.name for event in events],
            "times": [event.occurred_at for event in events],
            "summaries": [orjson.dumps(summary(event)).decode() for event in events],
        },
    )


def summary(event: ChurchEvent) -> dict[str, Any]:
    """What of an event is worth keeping and harmless: a list counts, a text is left out."""
    fields = {name: getattr(event, name) for name in type(event).model_fields if name not in HEAD}
    kept = {name: _figure(name, value) for name, value in fields.items()}
    return {name: figure for name, figure in kept.items() if figure is not None}


def _figure(name: str, value: object) -> object:
    match value:
        case StrEnum() | UUID() | Decimal():
            return str(value)
        case str():
            return value if name in WORDS else None
        case int():
            return value
        case datetime():
            return value.isoformat()
        case list() | tuple():
            return len(value)
        case dict():
            return {str(key): _figure("", each) for key, each in value.items()}
        case _:
            return None
