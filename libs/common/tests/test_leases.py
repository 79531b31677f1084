"""What is due is taken once, the longest waiting first."""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

import pytest

from koinonia.common import clock, db, leases

LEASE = timedelta(minutes=10)


class Work(NamedTuple):
    id: UUID
    tries: int


class Id(NamedTuple):
    id: UUID


TABLE = leases.DueTable("due_work", Work, key=("kind", "id"), due="due_at", counter="tries")
OF_KIND = leases.DueTable(
    "due_work", Id, key=("kind", "id"), due="due_at", condition="kind = :kind"
)


@pytest.fixture
async def works(sample: db.Database) -> db.Database:
    async with sample.transaction() as session:
        await db.run(
            session,
            """
            CREATE TABLE due_work (kind text, id uuid, due_at timestamptz, tries integer DEFAULT 0,
                                   PRIMARY KEY (kind, id))
            """,
        )
    return sample


async def put(database: db.Database, seconds: float | None, kind: str = "call") -> UUID:
    """A row that was due so many seconds ago; None: never."""
    work_id = db.uuid7()
    at = None if seconds is None else clock.now() - timedelta(seconds=seconds)
    async with database.transaction() as session:
        await db.run(
            session,
            "INSERT INTO due_work (kind, id, due_at) VALUES (:kind, :id, :at)",
            {"kind": kind, "id": work_id, "at": at},
        )
    return work_id


async def claimed(database: db.Database, most: int = 10) -> list[Work]:
    async with database.transaction() as session:
        return await leases.claim(session, TABLE, most=most, lease=LEASE)


async def test_only_what_is_due_is_claimed(works: db.Database) -> None:
    due = await put(works, 1)
    await put(works, -60)
    await put(works, None)

    assert [work.id for work in await claimed(works)] == [due]


async def test_what_waits_longest_is_claimed_first(works: db.Database) -> None:
    late, later, latest = [await put(works, seconds) for seconds in (10, 20, 30)]

    assert {work.id for work in await claimed(works, most=2)} == {later, latest}
    assert {work.id for work in await claimed(works)} == {late}


async def test_a_claim_is_due_again_when_its_lease_is_over(works: db.Database) -> None:
    work_id = await put(works, 1)
    await claimed(works)
    assert await claimed(works) == []

    with clock.shift(LEASE):
        assert await claimed(works) == [Work(work_id, tries=2)]


async def test_two_workers_claim_different_rows(works: db.Database) -> None:
    ids = {await put(works, 1), await put(works, 2)}

    async with works.transaction() as one, works.transaction() as other:
        first = await leases.claim(one, TABLE, most=1, lease=LEASE)
        second = await leases.claim(other, TABLE, most=2, lease=LEASE)

    assert {first[0].id, second[0].id} == ids
    assert len(second) == 1


async def test_a_locked_row_is_passed_over_until_its_transaction_ends(works: db.Database) -> None:
    work_id = await put(works, 1)

    async with works.transaction() as one, works.transaction() as other:
        assert await leases.lock(one, TABLE, most=1) == [Work(work_id, tries=0)]
        assert await leases.lock(other, TABLE, most=1) == []

    async with works.transaction() as session:
        assert await leases.lock(session, TABLE, most=1) == [Work(work_id, tries=0)]


async def test_a_condition_restricts_what_is_taken(works: db.Database) -> None:
    await put(works, 1, "call")
    mail = await put(works, 1, "mail")

    async with works.transaction() as session:
        kind = {"kind": "mail"}
        locked = await leases.lock(session, OF_KIND, most=9, parameters=kind)
        taken = await leases.claim(session, OF_KIND, most=9, lease=LEASE, parameters=kind)

    assert (locked, taken) == ([Id(mail)], [Id(mail)])
