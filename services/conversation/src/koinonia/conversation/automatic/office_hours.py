"""A church's office hours, and its answer outside of them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, visible_text
from koinonia.conversation.automatic import opening_times
from koinonia.conversation.automatic.errors import BadOfficeHours, NoAnswer
from koinonia.conversation.automatic.opening_times import Span, Week
from koinonia.conversation.replies import outgoing_lines

StoredSpan = TypedDict("StoredSpan", {"day": int, "from": str, "to": str})


class _Row(NamedTuple):
    is_enabled: bool | None
    hours: list[StoredSpan] | None
    answer: str | None
    timezone: str | None


@dataclass(frozen=True, slots=True)
class Office:
    """``zone`` is None until auth has told of the church: then it is unknown whether it is open."""

    is_enabled: bool
    spans: tuple[Span, ...]
    answer: str
    zone: ZoneInfo | None

    @property
    def week(self) -> Week | None:
        return Week(self.spans, self.zone) if self.zone else None

    def is_closed(self, at: datetime) -> bool:
        """Closed for certain, and the church wants to say so."""
        return self.is_enabled and self.week is not None and not self.week.is_open(at)


async def of_church(session: db.Session, church_id: UUID) -> Office:
    row = await db.first(
        session,
        _Row,
        """
        SELECT o.is_enabled, o.hours, o.answer, c.timezone
          FROM (SELECT CAST(:church AS uuid) AS church_id) AS asked
          LEFT JOIN office_hours AS o USING (church_id)
          LEFT JOIN churches AS c USING (church_id)
        """,
        {"church": church_id},
    )
    assert row is not None
    return Office(
        is_enabled=bool(row.is_enabled),
        spans=tuple(_span(each) for each in row.hours or ()),
        answer=row.answer or "",
        zone=ZoneInfo(row.timezone) if row.timezone else None,
    )


async def change(
    session: AsyncSession, church_id: UUID, *, is_enabled: bool, spans: Sequence[Span], answer: str
) -> None:
    """Raises ``BadOfficeHours``, and what :func:`outgoing_lines.check` raises of the answer."""
    if fault := opening_times.fault(spans):
        raise BadOfficeHours(fault)
    if not visible_text.is_empty(answer):
        outgoing_lines.check(answer, ())
    elif is_enabled:
        raise NoAnswer
    await db.run(
        session,
        """
        INSERT INTO office_hours (church_id, is_enabled, hours, answer, updated_at)
        VALUES (:church, :enabled, CAST(:hours AS jsonb), :answer, :now)
        ON CONFLICT (church_id) DO UPDATE
           SET is_enabled = excluded.is_enabled, hours = excluded.hours,
               answer = excluded.answer, updated_at = excluded.updated_at
        """,
        {
            "church": church_id,
            "enabled": is_enabled,
            "hours": json.dumps([_stored(span) for span in sorted(spans)]),
            "answer": answer,
            "now": clock.now(),
        },
    )


def _stored(span: Span) -> StoredSpan:
    return {
        "day": span.day,
        "from": opening_times.clock_time(span.start),
        "to": opening_times.clock_time(span.end),
    }


def _span(stored: StoredSpan) -> Span:
    return Span(
        stored["day"], opening_times.minutes(stored["from"]), opening_times.minutes(stored["to"])
    )
