"""An import tells the other services of a part at a time, however many groups its rows name: what
another church waits for comes after it."""

from collections import Counter
from typing import Any
from uuid import UUID

import httpx
import pytest

from koinonia.common import db
from koinonia.common.events import REGISTRY
from koinonia.common.testing import probe
from koinonia.common.testing.phones import phone
from koinonia.messaging.importing import limits
from koinonia.messaging.people import group_membership

from .import_jobs import undone, written

GROUPS = 30
ROWS = 3 * GROUPS
OF_A_PART = 2  # of member.created or its like, and of the groups


def people() -> str:
    rows = (f"P{n},{phone(n)},Choir {n % GROUPS}\n" for n in range(ROWS))
    return "name,phone,groups\n" + "".join(rows)


async def told(database: db.Database, church_id: UUID) -> list[Any]:
    """What waits for the relay, without progress and the audit trail; it is taken away."""
    async with database.transaction() as session:
        waiting = await probe.rows(
            session,
            """
            DELETE FROM outbox WHERE church_id = :church RETURNING name, body, position
            """,
            {"church": church_id},
        )
    rows = sorted(waiting, key=lambda row: row.position)
    return [
        REGISTRY[row.name].model_validate_json(row.body)
        for row in rows
        if row.name not in ("import.progressed", "messaging.action_taken")
    ]


def moves(events: list[Any], which: str) -> set[tuple[UUID, UUID]]:
    """Groups and members."""
    groups = [
        group for each in events if each.name == "group.many_changed" for group in each.groups
    ]
    return {(group.group_id, member) for group in groups for member in getattr(group, which)}


async def test_a_file_of_turning_groups_tells_of_parts_and_not_of_rows(
    house: Any,
    api: httpx.AsyncClient,
    database: db.Database,
    church_id: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "ROWS_OF_A_PART", GROUPS)
    monkeypatch.setattr(group_membership, "FEW_GROUPS", 5)
    parts = ROWS // GROUPS
    await written(house, api, people())
    events = await told(database, church_id)
    assert Counter(each.name for each in events) == {
        "member.created": parts,
        "group.many_changed": parts,
    }
    assert len(moves(events, "joined")) == ROWS
    again = await written(house, api, people().replace("Choir", "Youth"))
    joined = moves(await told(database, church_id), "joined")
    await undone(house, api, again)
    events = await told(database, church_id)
    assert moves(events, "left") == joined
    assert sum(each.name != "group.removed" for each in events) <= OF_A_PART * parts
    assert sum(each.name == "group.removed" for each in events) == GROUPS


async def test_few_groups_are_told_of_one_by_one(
    house: Any, api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    await written(house, api, f"name,phone,groups\nAda X,{phone(1)},Choir; Youth\n")
    assert [each.name for each in await told(database, church_id)] == [
        *["group.members_changed"] * 2,
        "member.created",
    ]


async def test_no_event_holds_more_than_500_places(
    house: Any, api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    rows = "".join(
        f"P{n},{phone(n)},{'; '.join(f'G{each}' for each in range(25))}\n" for n in range(60)
    )
    await written(house, api, f"name,phone,groups\n{rows}")
    events = [each for each in await told(database, church_id) if each.name != "member.created"]
    sizes = [sum(len(group.joined) for group in each.groups) for each in events]
    assert (sum(sizes), max(sizes) <= group_membership.EVENT_SIZE) == (60 * 25, True)
    assert len(sizes) <= 4
