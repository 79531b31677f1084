"""One person of another system, checked, and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from koinonia.common import db
from koinonia.common.errors import AppError
from koinonia.messaging import names
from koinonia.messaging.phone_endings import Endings

NO_ENDINGS = Endings(0, 0)  # of a row that is refused before its phone is known


class UpsertOutcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(slots=True)
class Entry:
    """``given`` are the names of what was said. ``member_id`` is the id of a new member until one
    who exists is found."""

    row: int
    given: frozenset[str]
    external_id: str | None = None
    first_name: str = ""
    last_name: str = ""
    email: str | None = None
    timezone: str | None = None
    fields: dict[str, str | None] = field(default_factory=dict)
    group_ids: Sequence[UUID] | None = None
    consents: bool = False
    opts_out: bool = False
    phone_index: str = ""
    phone_sealed: str = field(default="", repr=False)
    endings: Endings = NO_ENDINGS
    zones: str = ""
    member_id: UUID = field(default_factory=db.uuid7)
    outcome: UpsertOutcome = UpsertOutcome.UNCHANGED
    refusal: AppError | None = None

    @property
    def first_key(self) -> str:
        return names.key(self.first_name, self.last_name)

    @property
    def last_key(self) -> str:
        return names.key(self.last_name, self.first_name)

    @property
    def person(self) -> tuple[str, str]:
        """Who it is to us: a phone and a name."""
        return self.phone_index, self.first_key

    def refuse(self, why: AppError) -> None:
        self.outcome, self.refusal = UpsertOutcome.REFUSED, why

    def touch(self) -> None:
        """Something about a member who existed has changed."""
        if self.outcome is UpsertOutcome.UNCHANGED:
            self.outcome = UpsertOutcome.UPDATED


def accepted(entries: Sequence[Entry]) -> list[Entry]:
    return [each for each in entries if each.refusal is None]
