"""Who may not answer is given no thread, and what they held is taken from them."""

import itertools
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from koinonia.common import clock, db
from koinonia.common.events.auth import AdminJoined, AdminRemoved, AdminUpdated
from koinonia.common.events.conversation import ConversationUpdated, StaffNotified
from koinonia.common.events.messaging import MemberOptedOut
from koinonia.common.runtime import Running
from koinonia.common.testing import explain, phones, probe
from koinonia.common.testing.properties import on_servers
from koinonia.conversation.actions import withdrawals
from koinonia.conversation.replies import due_replies

from .calls import code
from .factories import admin, at, church, hear, messages, opted, reasons, said, text, threads

RUTH = UUID(int=77)


def ruth(
    kind: type[Any],
    church_id: UUID,
    minutes: float = 0,
    role: str = "staff",
    admin_id: UUID = RUTH,
) -> Any:
    fields = {"church_id": church_id, "admin_id": admin_id, "occurred_at": at(minutes)}
    if kind is AdminRemoved:
        return AdminRemoved(**fields)
    return kind(role=role, first_name="Ruth", last_name="Meyer", **fields)


async def assign(
    api: httpx.AsyncClient, thread_id: object, admin_id: UUID = RUTH
) -> httpx.Response:
    url = f"/api/conversations/{thread_id}/assign"
    return await api.patch(url, json={"adminId": str(admin_id)})


async def held(database: db.Database, church_id: UUID) -> list[UUID | None]:
    return [thread.assignee_id for thread in await threads(database, church_id)]


@pytest.mark.parametrize("lost", ["removed", "viewer"])
async def test_what_a_colleague_held_is_unassigned_and_the_thread_says_why(
    api: httpx.AsyncClient,
    running: Running,
    database: db.Database,
    church_id: UUID,
    thread_id: UUID,
    lost: str,
) -> None:
    await hear(database, ruth(AdminJoined, church_id))
    await assign(api, thread_id)
    await api.patch(f"/api/conversations/{thread_id}/status", json={"status": "archived"})
    gone = (
        ruth(AdminRemoved, church_id, 1)
        if lost == "removed"
        else ruth(AdminUpdated, church_id, 1, role="viewer")
    )
    await hear(database, gone)
    for _ in range(2):
        await withdrawals.withdraw_due(running)
    shown = (await api.get(f"/api/conversations/{thread_id}")).json()
    told = (await said(database, ConversationUpdated))[-1]
    why = "left the team" if lost == "removed" else "may not answer any more"
    assert (shown["assigneeId"], shown["status"]) == (None, "archived")
    assert [(each["direction"], each["content"], each["author"]) for each in shown["messages"]][
        1:
    ] == [("note", f"Ruth Meyer {why}. This conversation is assigned to nobody now.", None)]
    assert (told.reason, told.assignee_id, told.direction) == ("assigned", None, "note")
    assert (await reasons(database)) == ["assigned", "status", "assigned"]
    listed = (await api.get("/api/conversations", params={"assignee": "none"})).json()["data"]
    assert [each["id"] for each in listed] == [str(thread_id)]


async def test_what_nobody_wrote_nobody_rewrites(
    api: httpx.AsyncClient,
    running: Running,
    database: db.Database,
    church_id: UUID,
    thread_id: UUID,
) -> None:
    await hear(database, ruth(AdminJoined, church_id))
    await assign(api, thread_id)
    await hear(database, ruth(AdminRemoved, church_id, 1))
    await withdrawals.withdraw_due(running)
    url = f"/api/conversations/{thread_id}/notes/{(await messages(database, church_id))[-1].id}"
    assert code(await api.delete(url)) == (403, "NOT_YOUR_NOTE")
    assert code(await api.patch(url, json={"content": "Never"})) == (403, "NOT_YOUR_NOTE")


@pytest.mark.parametrize("way", ["single", "bulk"])
@pytest.mark.parametrize(
    ("state", "answer"),
    [
        ("viewer", (409, "ADMIN_MAY_NOT_ANSWER")),
        ("removed", (404, "ADMIN_NOT_FOUND")),
        ("unknown", (404, "ADMIN_NOT_FOUND")),
    ],
)
async def test_only_who_may_answer_is_given_a_thread(
    api: httpx.AsyncClient,
    database: db.Database,
    church_id: UUID,
    thread_id: UUID,
    way: str,
    state: str,
    answer: tuple[int, str],
) -> None:
    known = {
        "viewer": [ruth(AdminJoined, church_id, role="viewer")],
        "removed": [ruth(AdminJoined, church_id), ruth(AdminRemoved, church_id, 1)],
        "unknown": [],
    }
    await hear(database, *known[state])
    bulk = {"ids": [str(thread_id)], "assigneeId": str(RUTH)}
    given = (
        await assign(api, thread_id)
        if way == "single"
        else await api.post("/api/conversations/bulk", json=bulk)
    )
    assert code(given) == answer
    assert await held(database, church_id) == [None]


async def test_a_reply_for_later_of_somebody_who_left_is_told_of_and_still_goes_out(
    api: httpx.AsyncClient,
    running: Running,
    database: db.Database,
    church_id: UUID,
    thread_id: UUID,
) -> None:
    await hear(database, ruth(AdminJoined, church_id))
    at_noon = {"content": "I come", "sendAt": (clock.now() + timedelta(hours=1)).isoformat()}
    await api.post(f"/api/conversations/{thread_id}/scheduled-replies", json=at_noon)
    async with database.transaction(church_id) as session:
        await db.run(session, "UPDATE scheduled_replies SET admin_id = :ruth", {"ruth": RUTH})
    await hear(database, ruth(AdminRemoved, church_id, 1))
    for _ in range(2):
        await withdrawals.withdraw_due(running)
    _, note = await messages(database, church_id)
    assert note.content == (
        "Ruth Meyer left the team. What they scheduled here still goes out, unless you cancel it."
    )
    with clock.shift(timedelta(hours=2)):
        await due_replies.send_due(running)
    assert [line.content for line in await messages(database, church_id)][-1] == "I come"


async def test_a_refusal_of_a_reply_of_somebody_who_left_reaches_the_church_s_admins(
    api: httpx.AsyncClient,
    running: Running,
    database: db.Database,
    church_id: UUID,
    thread_id: UUID,
) -> None:
    owner = admin(church_id, "Ann").model_copy(update={"role": "owner"})
    await hear(database, owner, admin(church_id, "Ben"), ruth(AdminJoined, church_id))
    at_noon = {"content": "I come", "sendAt": (clock.now() + timedelta(hours=1)).isoformat()}
    await api.post(f"/api/conversations/{thread_id}/scheduled-replies", json=at_noon)
    async with database.transaction(church_id) as session:
        await db.run(session, "UPDATE scheduled_replies SET admin_id = :ruth", {"ruth": RUTH})
    await hear(database, ruth(AdminRemoved, church_id, 1), opted(MemberOptedOut, church_id))
    with clock.shift(timedelta(hours=2)):
        await due_replies.send_due(running)
    [notice] = await said(database, StaffNotified)
    assert (notice.reason, notice.admin_ids) == ("reply_refused", (owner.admin_id,))


async def test_many_threads_are_taken_in_steps(
    api: httpx.AsyncClient,
    running: Running,
    database: db.Database,
    church_id: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(withdrawals, "AT_ONCE", 3)
    await hear(database, ruth(AdminJoined, church_id))
    await hear(database, *(text(sender=phones.phone(n)) for n in range(1, 9)))
    for thread in await threads(database, church_id):
        await assign(api, thread.id)
    await hear(database, ruth(AdminRemoved, church_id, 1))
    with explain.watched(running.database) as ran:
        await withdrawals.withdraw_due(running)
    assert await held(database, church_id) == [None] * 8
    assert (
        len([line for line in await messages(database, church_id) if "left" in line.content]) == 8
    )
    assert sum("SET assignee_id = NULL" in sql for sql, _ in ran) == 3


async def test_who_may_answer_again_keeps_what_is_still_theirs(
    api: httpx.AsyncClient,
    running: Running,
    database: db.Database,
    church_id: UUID,
    thread_id: UUID,
) -> None:
    await hear(database, ruth(AdminJoined, church_id))
    await assign(api, thread_id)
    await hear(database, ruth(AdminUpdated, church_id, 1, role="viewer"))
    await hear(database, ruth(AdminUpdated, church_id, 2, role="staff"))
    await withdrawals.withdraw_due(running)
    assert await held(database, church_id) == [RUTH]
    async with database.transaction() as session:
        assert await probe.rows(session, "SELECT id FROM due_work") == []


NUMBERS = itertools.count(1)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("joined"), st.integers(0, 4)),
        st.tuples(st.sampled_from(["viewer", "staff"]), st.integers(0, 4)),
        st.tuples(st.just("removed"), st.integers(0, 4)),
        st.tuples(st.just("assign"), st.just(0)),
        st.tuples(st.just("withdraw"), st.just(0)),
    ),
    max_size=10,
)


@on_servers(examples=25)
@given(history=steps)
async def test_whatever_is_heard_in_whatever_order_nobody_without_the_right_holds_a_thread(
    client: Any, running: Running, database: db.Database, history: list[tuple[str, int]]
) -> None:
    number = phones.phone(300 + next(NUMBERS))
    church_id, ann = await church(database, number), db.uuid7()
    await hear(database, text(to=number))
    [thread] = await threads(database, church_id)
    async with client(church_id) as api:
        for step, minutes in [*history, ("withdraw", 0)]:
            match step:
                case "assign":
                    await assign(api, thread.id, ann)
                case "withdraw":
                    await withdrawals.withdraw_due(running)
                case "joined" | "viewer" | "staff":
                    role = "staff" if step == "joined" else step
                    kind = AdminJoined if step == "joined" else AdminUpdated
                    await hear(database, ruth(kind, church_id, minutes, role, ann))
                case _:
                    await hear(database, ruth(AdminRemoved, church_id, minutes, admin_id=ann))
    async with database.transaction(church_id) as session:
        wrong = await probe.rows(
            session,
            """
            SELECT 1 FROM conversations AS c JOIN team AS t ON t.admin_id = c.assignee_id
             WHERE t.is_removed OR t.role = 'viewer'
            """,
        )
    assert wrong == []
