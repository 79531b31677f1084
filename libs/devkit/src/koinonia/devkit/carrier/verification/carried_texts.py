"""What the carrier truly did, and what somebody who listened to it may believe.

A carrier in trouble contradicts itself, so there is not one right status. What was told and taken
is binding: a status of that rank or higher. What was told and perhaps not taken, what can be looked
up and what is so may be known as well.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Self, TypeVar
from uuid import UUID

from koinonia.common.events.messaging import DeliveryStatus
from koinonia.devkit.carrier.state.texts import ShownStatement, ShownText

T = TypeVar("T")

STATUSES = {
    "queued": DeliveryStatus.SENDING,
    "sent": DeliveryStatus.SENT,
    "unconfirmed": DeliveryStatus.UNCONFIRMED,
    "undelivered": DeliveryStatus.FAILED,
    "failed": DeliveryStatus.FAILED,
    "delivered": DeliveryStatus.DELIVERED,
}


@dataclass(frozen=True, slots=True)
class Told:
    event: str
    status: DeliveryStatus | None
    parts: int | None
    cost: Decimal | None
    is_binding: bool  # somebody took it, and could read what happened

    @classmethod
    def from_json(cls, told: ShownStatement) -> Self:
        status = STATUSES.get(told["status"] or "")
        return cls(
            told["event"],
            status,
            told["parts"],
            None if told["cost"] is None else Decimal(told["cost"]),
            bool(told["taken"]) and status is not None,
        )


@dataclass(frozen=True, slots=True)
class Carried:
    """One text that the carrier took."""

    id: str
    carrier: str
    to: str
    church: UUID | None
    recipient: UUID | None
    outcome: DeliveryStatus | None  # None: still on its way
    parts: int
    cost: Decimal
    told: tuple[Told, ...]

    @classmethod
    def from_json(cls, text: ShownText) -> Self:
        return cls(
            text["id"],
            text["carrier"],
            text["to"],
            _uuid(text["reference"].get("church")),
            _uuid(text["reference"].get("recipient") or text["key"].removeprefix("msg:")),
            STATUSES[text["outcome"]] if text["outcome"] else None,
            text["parts"],
            Decimal(text["cost"]),
            tuple(map(Told.from_json, text["told"])),
        )

    @property
    def least(self) -> DeliveryStatus:
        """The highest status that is binding."""
        binding = [told.status for told in self.told if told.is_binding and told.status]
        return max(binding, key=lambda status: status.rank, default=DeliveryStatus.SENDING)

    @property
    def is_settled(self) -> bool:
        """Something binding was told that ends the text."""
        return not self.least.is_open

    @property
    def was_looked_up(self) -> bool:
        return any(told.event == "lookup" for told in self.told)

    @property
    def statuses(self) -> set[DeliveryStatus]:
        """What the text may be believed to be. ``unconfirmed``: somebody waited long enough."""
        known = {told.status or self._guess(told) for told in self.told}
        known |= {DeliveryStatus.UNCONFIRMED, self.least}
        if self.outcome:
            known.add(self.outcome)
        return {status for status in known if status.rank >= self.least.rank}

    @property
    def possible_parts(self) -> set[int]:
        return self._possible({(told, told.parts) for told in self.told}, self.parts)

    @property
    def possible_costs(self) -> set[Decimal]:
        return self._possible({(told, told.cost) for told in self.told}, self.cost)

    def _possible(self, figures: set[tuple[Told, T | None]], truth: T) -> set[T]:
        """What the highest binding status came with, if all that was told of it, or of what is
        higher and may have been taken after the carrier lost patience, said the same."""
        last = {
            figure
            for told, figure in figures
            if told.status and told.status.rank >= self.least.rank
        }
        known = {figure for _, figure in figures if figure is not None} | {truth}
        is_bound = any(told.is_binding for told, _ in figures)
        if is_bound and len(last) == 1 and None not in last and not self.was_looked_up:
            return {figure for figure in last if figure is not None}
        return known

    def _guess(self, told: Told) -> DeliveryStatus:
        """What a reader may conclude from a report without a status."""
        if told.event == "message.sent":
            return DeliveryStatus.SENT
        return self.outcome or DeliveryStatus.SENDING


def _uuid(value: str | None) -> UUID | None:
    try:
        return UUID(value) if value else None
    except ValueError:
        return None
