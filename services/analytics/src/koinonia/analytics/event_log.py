"""The event log: every business event as ids and figures."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.events import ChurchEvent

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
"""The only texts that are kept. All others may be a name, a phone or what somebody wrote."""


async def record(session: AsyncSession, events: Sequence[ChurchEvent]) -> None:
    """Append events of several churches to the log, in one statement."""
    db.entering(session, {event.church_id for event in events})
    await db.run(
        session,
        f"""
        INSERT INTO event_log (event_id, church_id, name, occurred_at, summary)
        SELECT event_id, {db.ENTERED}, name, occurred_at, CAST(summary AS jsonb)
          FROM unnest(CAST(:ids AS uuid[]), CAST(:churches AS uuid[]), CAST(:names AS text[]),
                      CAST(:times AS timestamptz[]), CAST(:summaries AS text[]))
               AS given (event_id, church_id, name, occurred_at, summary)
        """,
        {
            "ids": [event.id for event in events],
            "churches": [event.church_id for event in events],
            "names": [event.name for event in events],
            "times": [event.occurred_at for event in events],
            "summaries": [orjson.dumps(summary(event)).decode() for event in events],
        },
    )


def summary(event: ChurchEvent) -> dict[str, object]:
    """The ids and figures of an event: a list becomes its length, a text is left out."""
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
