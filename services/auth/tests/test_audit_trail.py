"""``GET /api/audit``: an owner asks who did what, on what, when."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from koinonia.auth.program import PROGRAM
from koinonia.auth.trail import entries
from koinonia.common import clock, db
from koinonia.common.events.messaging import MessagingActionTaken
from koinonia.common.testing import explain, service
from koinonia.common.testing.databases import Databases

from . import factories

PATH = "/api/audit"


def taken(body: Any, action: str, days: int = 0, **given: Any) -> MessagingActionTaken:
    """Something that the owner of ``body`` did, so many days ago."""
    return MessagingActionTaken(
        church_id=UUID(body["church"]["id"]),
        action=action,
        occurred_at=clock.now() - timedelta(days=days),
        **{"actor_id": UUID(body["admin"]["id"]), **given},
    )


async def listed(api: httpx.AsyncClient, body: Any, **query: Any) -> list[Any]:
    answer = await api.get(PATH, params=query, headers=factories.as_(body))
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.json()["data"]
    return found


async def test_an_owner_reads_who_did_what_on_what_and_from_where(
    running: Any, api: httpx.AsyncClient
) -> None:
    ruth = await factories.church(api, firstName="Ruth", lastName="Meyer")
    sent = taken(ruth, "message.sent", thing_id=db.uuid7(), address="203.0.113.0/24")
    await service.hear(PROGRAM, running, sent)
    [entry, registered] = await listed(api, ruth)
    assert entry["actor"] == {"kind": "person", "id": ruth["admin"]["id"], "name": "Ruth Meyer"}
    assert (entry["action"], entry["thingId"]) == ("message.sent", str(sent.thing_id))
    assert (entry["network"], entry["details"]) == ("203.0.113.0/24", {})
    assert registered["action"] == "church.registered"


async def test_each_filter_keeps_what_it_says(running: Any, api: httpx.AsyncClient) -> None:
    ruth = await factories.church(api)
    thing, naomi = db.uuid7(), db.uuid7()
    for event in (
        taken(ruth, "member.removed", 3, thing_id=thing),
        taken(ruth, "group.changed", 2, actor_id=naomi),
        taken(ruth, "member.removed", 1),
    ):
        await service.hear(PROGRAM, running, event)

    async def actions(**query: Any) -> list[str]:
        return [each["action"] for each in await listed(api, ruth, **query)]

    def ago(days: float) -> str:
        return (clock.now() - timedelta(days=days)).isoformat()

    assert await actions(thingId=thing) == ["member.removed"]
    assert await actions(actorId=naomi) == ["group.changed"]
    assert await actions(action="member.removed") == ["member.removed"] * 2
    assert await actions(**{"from": ago(2.5), "to": ago(0.5)}) == [
        "member.removed",
        "group.changed",
    ]
    assert await actions(action="member.removed", to=ago(2)) == ["member.removed"]


async def test_pages_follow_one_another(running: Any, api: httpx.AsyncClient) -> None:
    ruth = await factories.church(api)
    for number in range(4):
        await service.hear(PROGRAM, running, taken(ruth, f"thing.{number}", number))
    seen, query = [], {"limit": 2}
    for _ in range(3):
        page = (await api.get(PATH, params=query, headers=factories.as_(ruth))).json()
        seen += [each["action"] for each in page["data"]]
        query = {"limit": 2, "cursor": page["nextCursor"]}
    assert sorted(seen) == ["church.registered", *(f"thing.{number}" for number in range(4))]
    assert query["cursor"] is None


async def test_others_than_owners_and_other_churches_read_nothing_of_it(
    running: Any, api: httpx.AsyncClient
) -> None:
    ruth = await factories.church(api)
    naomi = await factories.join(api, ruth, "admin", "naomi@example.org")
    assert (await api.get(PATH, headers=factories.as_(naomi))).status_code == 403
    assert (await api.get(f"{PATH}/export", headers=factories.as_(naomi))).status_code == 403
    other = await factories.church(api, email="boaz@example.org")
    await service.hear(PROGRAM, running, taken(ruth, "message.sent"))
    assert [each["action"] for each in await listed(api, other)] == ["church.registered"]


async def test_the_file_has_all_of_the_filter_and_nothing_that_a_spreadsheet_carries_out(
    running: Any, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "BATCH", 2)
    ruth = await factories.church(api, firstName="=cmd()")
    for number in range(5):
        await service.hear(PROGRAM, running, taken(ruth, "message.sent", number))
    query = {"action": "message.sent"}
    answer = await api.get(f"{PATH}/export", params=query, headers=factories.as_(ruth))
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 5
    assert sorted((row["at"] for row in rows), reverse=True) == [row["at"] for row in rows]
    assert {row["actorName"][:2] for row in rows} == {"'="}
    monkeypatch.setattr(entries, "MOST", 4)
    answer = await api.get(f"{PATH}/export", params=query, headers=factories.as_(ruth))
    assert len(answer.text.splitlines()) == 1 + 4
    assert [each["action"] for each in await listed(api, ruth, action="audit.exported")] == [
        "audit.exported"
    ] * 2


def filters(actor: UUID, thing: UUID) -> Iterator[tuple[entries.EntryFilter, str]]:
    """Each with the index that it has."""
    yield entries.EntryFilter(), "ix_audit_entries_church_id_at"
    yield (
        entries.EntryFilter(since=clock.now() - timedelta(days=2)),
        "ix_audit_entries_church_id_at",
    )
    yield entries.EntryFilter(actor_id=actor), "ix_audit_entries_actor_id"
    yield entries.EntryFilter(action="rare"), "ix_audit_entries_action"
    yield entries.EntryFilter(thing_id=thing), "ix_audit_entries_thing_id"


async def test_every_filter_has_its_index(
    running: Any, api: httpx.AsyncClient, databases: Databases
) -> None:
    ruth = await factories.church(api)
    church_id, actor, thing = UUID(ruth["church"]["id"]), db.uuid7(), db.uuid7()
    owner = await asyncpg.connect(databases.admin_url)
    try:
        await owner.execute(
            """
            INSERT INTO auth.audit_entries (id, church_id, actor_id, action, at)
            SELECT gen_random_uuid(), $1, CASE WHEN i % 400 = 0 THEN $2 ELSE gen_random_uuid() END,
                   CASE WHEN i % 400 = 0 THEN 'rare' ELSE 'message.sent' END,
                   now() - i * interval '1 minute'
              FROM generate_series(1, 20000) AS i
            """,
            church_id,
            actor,
        )
        await owner.execute("ANALYZE auth.audit_entries")
        old = await owner.fetch(
            "EXPLAIN SELECT id FROM auth.audit_entries "
            "WHERE at < now() - interval '5 years' LIMIT 10000"
        )
    finally:
        await owner.close()
    assert "ix_audit_entries_at" in str(old)
    for wanted, index in filters(actor, thing):
        with explain.watched(running.database) as ran:
            await api.get(PATH, params=asked(wanted), headers=factories.as_(ruth))
        [statement] = [each for each in ran if "audit_entries" in each[0]]
        async with running.database.transaction(church_id) as session:
            connection = await session.connection()
            plan = await connection.exec_driver_sql(f"EXPLAIN {statement[0]}", statement[1])
        assert index in str(plan.all())


def asked(wanted: entries.EntryFilter) -> dict[str, str]:
    """The query of a filter."""
    given = {
        "actorId": wanted.actor_id,
        "action": wanted.action,
        "thingId": wanted.thing_id,
        "from": wanted.since and wanted.since.isoformat(),
    }
    return {name: str(value) for name, value in given.items() if value}
