"""A filter made ready to ask: what it names exists, and its days are those of the church."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from koinonia.common import clock, db
from koinonia.common.phone import Phones
from koinonia.messaging.composing import text_fields
from koinonia.messaging.composing.errors import UnknownCustomField
from koinonia.messaging.errors import NoSuchBranch, NoSuchGroup
from koinonia.messaging.people.filters import conditions
from koinonia.messaging.people.filters.conditions import Conditions
from koinonia.messaging.people.filters.people_filter import PeopleFilter

_UNKNOWN_ZONE = "America/New_York"  # of a church we know nothing of yet


async def prepared(
    session: db.Session, church_id: UUID, wanted: PeopleFilter, phones: Phones
) -> Conditions:
    """Conditions of ``wanted``; raises ``NoSuchGroup``, ``NoSuchBranch``, ``UnknownCustomField``
    where it names what the church does not have."""
    await check(session, church_id, wanted)
    needs_today = any(each.next_days is not None for each in wanted.dates or ())
    day = await today(session, church_id) if needs_today else None
    return conditions.conditions(wanted, church_id, phones, day, now=clock.now())


class Missing(NamedTuple):
    """What a filter names and the church does not have: ids of groups and branches, keys of
    fields, each sorted."""

    groups: list[UUID]
    branches: list[UUID]
    fields: list[str]


@dataclass(frozen=True, slots=True)
class Known:
    """What there is of all that some filters name; ``fields`` are all of the church."""

    groups: set[UUID]
    branches: set[UUID]
    fields: list[str]

    def missing(self, wanted: PeopleFilter) -> Missing | None:
        """None where nothing is."""
        found = Missing(
            sorted(wanted.group_ids - self.groups),
            sorted(set(wanted.branch_ids or ()) - self.branches),
            sorted(wanted.keys.difference(self.fields)),
        )
        return found if any(found) else None


async def check(session: db.Session, church_id: UUID, wanted: PeopleFilter) -> None:
    """Raises as :func:`prepared` does."""
    there = await known(session, church_id, [wanted])
    missing = there.missing(wanted)
    if missing is None:
        return
    if missing.groups:
        raise NoSuchGroup(details={"ids": [str(each) for each in missing.groups[:20]]})
    if missing.branches:
        raise NoSuchBranch(details={"ids": [str(each) for each in missing.branches[:20]]})
    raise UnknownCustomField.among(missing.fields, there.fields)


async def known(session: db.Session, church_id: UUID, filters: Sequence[PeopleFilter]) -> Known:
    """What there is of all that ``filters`` name."""
    groups = {each for wanted in filters for each in wanted.group_ids}
    branches = {each for wanted in filters for each in wanted.branch_ids or ()}
    fields: list[str] = []
    if any(wanted.keys for wanted in filters):
        names = await text_fields.known(session, church_id)
        fields = [name for name in names if name not in text_fields.BUILT_IN]
    return Known(
        await _found(session, church_id, "groups", groups),
        await _found(session, church_id, "branches", branches),
        fields,
    )


async def today(session: db.Session, church_id: UUID) -> date:
    """The day that it is where the church is."""
    zone = await db.value(
        session,
        str,
        "SELECT timezone FROM churches WHERE church_id = :church",
        {"church": church_id},
    )
    return clock.now().astimezone(ZoneInfo(zone or _UNKNOWN_ZONE)).date()


async def _found(session: db.Session, church_id: UUID, table: str, ids: set[UUID]) -> set[UUID]:
    if not ids:
        return set()
    found = await db.values(
        session,
        UUID,
        f"SELECT id FROM {table} WHERE church_id = :church AND id = ANY(CAST(:ids AS uuid[]))",
        {"church": church_id, "ids": list(ids)},
    )
    return set(found)
