"""A church's office hours, and what it answers outside of them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.conversation.answering import hours, lines
from koinonia.conversation.answering.errors import BadOfficeHours, NoAnswer
from koinonia.conversation.answering.hours import Span, Week


@dataclass(frozen=True, slots=True)
class Office:
    """``zone`` is None until auth has told of the church: then nobody knows whether it is open."""

    is_enabled: bool
    spans: tuple[Span, ...]
    answer: str
    zone: ZoneInfo | None

    @property
    def week(self) -> Week | None:
        return Week(self.spans, self.zone) if self.zone else None

    def is_closed(self, at: datetime) -> bool:
        """Closed for certain, and it wants to say so."""
        return self.is_enabled and self.week is not None and not self.week.is_open(at)


async def of(session: AsyncSession, church_id: UUID) -> Office:
    row = await db.untyped_first(
        session,
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
    """Raises ``BadOfficeHours``, and what :func:`lines.check` raises of the answer."""
    if fault := hours.fault(spans):
        raise BadOfficeHours(fault)
    if answer.strip():
        lines.check(answer, ())
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
            "hours": json.dumps([_kept(span) for span in sorted(spans)]),
            "answer": answer,
            "now": clock.now(),
        },
    )


def _kept(span: Span) -> dict[str, int | str]:
    return {"day": span.day, "from": hours.said(span.start), "to": hours.said(span.end)}


def _span(kept: dict[str, int | str]) -> Span:
    return Span(int(kept["day"]), hours.minutes(str(kept["from"])), hours.minutes(str(kept["to"])))
