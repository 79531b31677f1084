"""Who is meant by a target: one row per phone, without those who said STOP."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from koinonia.common import db
from koinonia.common.testing import probe
from koinonia.messaging.errors import NoSuchBranch, NoSuchGroup, NoSuchMember
from koinonia.messaging.people import audience
from koinonia.messaging.people.targets import aims, resolution
from koinonia.messaging.people.targets.target_schemas import TargetType

from . import factories

FAMILY = "+12025550142"


class Church:
    """Two branches; Choir and Band in the first, Youth in the second; a family in Choir."""

    def __init__(self, database: db.Database, church_id: UUID) -> None:
        self.database, self.id = database, church_id

    async def fill(self) -> None:
        async with self.database.transaction(self.id) as session:
            self.north = await factories.branch(session, self.id, "North")
            self.south = await factories.branch(session, self.id, "South")
            self.choir = await factories.group(session, self.id, self.north, "Choir")
            self.band = await factories.group(session, self.id, self.north, "Band")
            self.youth = await factories.group(session, self.id, self.south, "Youth")
            self.mother, self.son = [
                await factories.member(
                    session, self.id, phone_number=FAMILY, first_name=name, groups=[self.choir]
                )
                for name in ("Ada", "Bo")
            ]
            both = [self.choir, self.band]
            self.player = await factories.member(session, self.id, groups=both)
            self.young = await factories.member(session, self.id, groups=[self.youth])
            self.loner = await factories.member(session, self.id)

    async def meant(self, target_type: TargetType, *ids: UUID) -> list[Any]:
        found = await self.found(target_type, *ids)
        return sorted((row for row in found if not row.reason), key=lambda row: row.member_id)

    async def found(self, target_type: TargetType, *ids: UUID, **rules: Any) -> list[Any]:
        async with self.database.transaction(self.id) as session:
            await resolution.check_targets(session, self.id, target_type, ids)
            meant = audience.query(self.id, aims.by_ids(target_type, ids), **rules)
            return await probe.rows(session, meant.sql, meant.parameters)

    async def reasons(self, target_type: TargetType, *ids: UUID, **rules: Any) -> list[str]:
        """Why phones are left out, sorted."""
        rows = await self.found(target_type, *ids, **rules)
        return sorted(row.reason for row in rows if row.reason)

    async def run(self, sql: str, **parameters: Any) -> None:
        async with self.database.transaction(self.id) as session:
            await db.run(session, sql, {"church": self.id} | parameters)

    async def reached(self, target_type: TargetType, *ids: UUID) -> list[UUID]:
        return [row.member_id for row in await self.meant(target_type, *ids)]


@pytest_asyncio.fixture
async def church(database: db.Database, church_id: UUID) -> Church:
    made = Church(database, church_id)
    await made.fill()
    return made


async def test_a_family_on_one_phone_is_one_recipient(church: Church) -> None:
    [family, player] = await church.meant(TargetType.GROUPS, church.choir)
    assert (family.member_id, player.member_id) == (church.mother.id, church.player.id)
    assert family.member_ids == [church.mother.id, church.son.id]
    assert factories.PHONES.open(family.phone_sealed) == FAMILY


async def test_a_member_of_two_groups_is_meant_once(church: Church) -> None:
    assert await church.reached(TargetType.GROUPS, church.choir, church.band) == [
        church.mother.id,
        church.player.id,
    ]


async def test_a_branch_means_the_members_of_its_groups(church: Church) -> None:
    assert await church.reached(TargetType.BRANCHES, church.south) == [church.young.id]
    assert len(await church.reached(TargetType.BRANCHES, church.north, church.south)) == 3


async def test_all_means_those_without_a_group_too(church: Church) -> None:
    reached = await church.reached(TargetType.ALL)
    assert reached == [church.mother.id, church.player.id, church.young.id, church.loner.id]


async def test_single_members_are_meant_by_their_ids(church: Church) -> None:
    assert await church.reached(TargetType.INDIVIDUAL, church.son.id, church.loner.id) == [
        church.son.id,
        church.loner.id,
    ]


async def test_a_phone_that_said_stop_is_left_out_for_all_who_share_it(church: Church) -> None:
    async with church.database.transaction(church.id) as session:
        await factories.opt_out(session, church.id, FAMILY)
    assert await church.reasons(TargetType.GROUPS, church.choir, church.youth) == ["opted_out"]
    assert await church.reached(TargetType.INDIVIDUAL, church.mother.id, church.son.id) == []
    assert await church.reached(TargetType.GROUPS, church.choir) == [church.player.id]


async def test_who_never_agreed_is_left_out(church: Church) -> None:
    async with church.database.transaction(church.id) as session:
        await factories.member(session, church.id, groups=[church.youth], consents=False)
    assert await church.reasons(TargetType.ALL) == ["no_consent"]
    assert await church.reached(TargetType.GROUPS, church.youth) == [church.young.id]


async def test_who_stopped_one_ministry_is_still_meant_by_another(church: Church) -> None:
    await church.run(
        """
        INSERT INTO group_stops (church_id, group_id, phone_index, member_ids, stopped_at)
        VALUES (:church, :group, :index, '{}', now())
        """,
        group=church.choir,
        index=church.player.phone_index,
    )
    assert await church.reasons(TargetType.GROUPS, church.choir) == ["ministry_stopped"]
    assert await church.reasons(TargetType.GROUPS, church.choir, church.band) == []
    assert await church.reasons(TargetType.BRANCHES, church.north) == []
    assert await church.reasons(TargetType.ALL) == []


@pytest.mark.parametrize("fact", ["landline", "invalid"])
async def test_a_number_that_takes_no_texts_is_left_out(church: Church, fact: str) -> None:
    await church.run(
        "INSERT INTO phone_facts VALUES (:church, :index, :fact, now())",
        index=church.loner.phone_index,
        fact=fact,
    )
    assert await church.reasons(TargetType.ALL) == [fact]


async def test_what_was_learned_of_a_number_is_forgotten_after_half_a_year(church: Church) -> None:
    await church.run(
        """
        INSERT INTO phone_facts
        VALUES (:church, :index, 'invalid', now() - interval '181 days')
        """,
        index=church.loner.phone_index,
    )
    assert await church.reasons(TargetType.ALL) == []


async def test_a_phone_is_where_its_people_say_and_else_where_its_number_is(church: Church) -> None:
    await church.run("UPDATE members SET zones = 'America/Denver,America/Boise'")
    for who, zone in ((church.mother, "America/New_York"), (church.son, "America/Chicago")):
        await church.run("UPDATE members SET timezone = :zone WHERE id = :id", zone=zone, id=who.id)
    [family, player] = await church.meant(TargetType.GROUPS, church.choir)
    assert family.zones == "America/Chicago,America/New_York"
    assert player.zones == "America/Denver,America/Boise"


@pytest.mark.parametrize(
    ("target_type", "missing"),
    [
        (TargetType.INDIVIDUAL, NoSuchMember),
        (TargetType.GROUPS, NoSuchGroup),
        (TargetType.BRANCHES, NoSuchBranch),
    ],
)
async def test_one_unknown_id_is_enough_to_refuse(
    church: Church, target_type: TargetType, missing: type[Exception]
) -> None:
    known: dict[TargetType, Sequence[UUID]] = {
        TargetType.INDIVIDUAL: [church.mother.id],
        TargetType.GROUPS: [church.choir],
        TargetType.BRANCHES: [church.north],
    }
    with pytest.raises(missing):
        await church.meant(target_type, *known[target_type], db.uuid7())
