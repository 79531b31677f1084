"""Responses of analytics' routes."""

from collections.abc import Sequence
from datetime import date
from typing import Self

from pydantic import Field

from koinonia.analytics import dashboard
from koinonia.common.web import Schema


class ByStatus(Schema):
    """Texts by where they are now; together they are the recipients."""

    pending: int
    sending: int
    sent: int
    delivered: int
    failed: int
    unconfirmed: int
    skipped: int


class Day(ByStatus):
    """What became of the broadcasts of one day."""

    day: date = Field(serialization_alias="date")
    messages: int
    recipients: int
    replies: int


class Stats(Schema):
    """A church's dashboard. Messages and recipients are those of broadcasts."""

    messages: int
    recipients: int
    recipients_by_status: ByStatus
    delivery_rate: float | None = Field(
        description="Delivered of those whose fate is known; null while there are none."
    )
    replies: int = Field(description="Answers that staff wrote.")
    members: int
    open_conversations: int
    timezone: str = Field(description="The zone in which the days begin.")
    daily: list[Day] = Field(description="Thirty days, oldest first, today last.")

    @classmethod
    def from_figures(cls, totals: dashboard.Totals, days: Sequence[dashboard.Day]) -> Self:
        return cls(
            messages=totals.messages,
            recipients=totals.recipients,
            recipients_by_status=ByStatus.model_validate(totals),
            delivery_rate=delivery_rate(totals.delivered, totals.failed, totals.unconfirmed),
            replies=totals.replies,
            members=totals.members,
            open_conversations=totals.open_conversations,
            timezone=totals.timezone,
            daily=[Day.model_validate(day) for day in days],
        )


def delivery_rate(delivered: int, failed: int, unconfirmed: int) -> float | None:
    settled = delivered + failed + unconfirmed
    return round(delivered / settled, 4) if settled else None
