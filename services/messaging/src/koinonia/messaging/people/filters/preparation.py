"""A filter made ready to ask: what it names exists, and its days are those of the church."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.common.errors import NotFound
from koinonia.common.phone import Phones
from koinonia.messaging.composing import text_fields
from koinonia.messaging.composing.errors import UnknownCustomField
from koinonia.messaging.errors import NoSuchBranch, NoSuchGroup
from koinonia.messaging.people.filters import conditions
from koinonia.messaging.people.filters.conditions import Conditions
from koinonia.messaging.people.filters.people_filter import PeopleFilter

_UNKNOWN_ZONE = "America/New_York"  # of a church we know nothing of yet


async def prepared(
    session: AsyncSession, church_id: UUID, wanted: PeopleFilter, phones: Phones
) -> Conditions:
    """Conditions of ``wanted``; raises ``NoSuchGroup``, ``NoSuchBranch``, ``UnknownCustomField``
    where it names what the church does not have."""
    await check(session, church_id, wanted)
    needs_today = any(each.next_days is not None for each in wanted.dates)
    day = await today(session, church_id) if needs_today else None
    return conditions.conditions(wanted, church_id, phones, day, now=clock.now())


async def check(session: AsyncSession, church_id: UUID, wanted: PeopleFilter) -> None:
    await _check_ids(session, church_id, "groups", wanted.group_ids, NoSuchGroup)
    await _check_ids(session, church_id, "branches", set(wanted.branch_ids), NoSuchBranch)
    if keys := wanted.keys:
        known = await text_fields.known(session, church_id)
        own = [name for name in known if name not in text_fields.BUILT_IN]
        if unknown := sorted(keys - set(own)):
            raise UnknownCustomField.among(unknown, own)


async def today(session: AsyncSession, church_id: UUID) -> date:
    """The day that it is where the church is."""
    zone = await db.value(
        session,
        str,
        "SELECT timezone FROM churches WHERE church_id = :church",
        {"church": church_id},
    )
    return clock.now().astimezone(ZoneInfo(zone or _UNKNOWN_ZONE)).date()


async def _check_ids(
    session: AsyncSession, church_id: UUID, table: str, ids: set[UUID], missing: type[NotFound]
) -> None:
    if not ids:
        return
    found = await db.values(
        session,
        UUID,
        f"SELECT id FROM {table} WHERE church_id = :church AND id = ANY(CAST(:ids AS uuid[]))",
        {"church": church_id, "ids": list(ids)},
    )
    if unknown := ids - set(found):
        raise missing(details={"ids": sorted(map(str, unknown))[:20]})
