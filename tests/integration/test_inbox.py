"""The inbox as several people work in it at once, through the gateway."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest_asyncio

from koinonia.common.testing.eventually import eventually
from koinonia.devkit.system import System

from . import churches
from .churches import Church
from .network import CALM, Network
from .shelf import Shelf, photograph, picture
from .storms import Storm, lines

STRANGER, PHOTOGRAPHER, CAMPER = "+15035550188", "+15035550189", "+15035550187"


class Inbox:
    """A church whose owner has two colleagues; ``phones`` are those of its members."""

    def __init__(self, church: Church, colleagues: list[Church], phones: Network) -> None:
        self.church = church
        self.naomi, self.boaz = colleagues
        self.network = phones
        self._next = iter(church.members)

    async def asked(self, words: str) -> dict[str, Any]:
        """A thread of a member who has not been heard of before."""
        phone = next(self._next)["phone"]
        await self.network.text(phone, self.church.number, words)
        return await self.church.conversation_with(phone)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def staffed(system: System) -> AsyncIterator[tuple[Church, list[Church]]]:
    """One church for all of this file; each test has members of its own."""
    async with AsyncExitStack() as stack:
        church = await stack.enter_async_context(churches.registered(system.gateway_url))
        await church.order_number()
        await church.bring(5)
        people = [
            await stack.enter_async_context(churches.colleague(church, "staff", firstName=name))
            for name in ("Naomi", "Boaz")
        ]
        yield church, people


@pytest_asyncio.fixture(loop_scope="session")
async def inbox(staffed: tuple[Church, list[Church]], phones: Network) -> Inbox:
    return Inbox(*staffed, phones)


async def test_two_colleagues_who_answer_at_once_are_both_sent_and_named(inbox: Inbox) -> None:
    thread = await inbox.asked("Is there a ride on Sunday?")
    path = f"/api/conversations/{thread['id']}/reply"
    said = {inbox.naomi: "I can drive you.", inbox.boaz: "The bus leaves at nine."}
    answers = await asyncio.gather(
        *(each.api.post(path, json={"content": words}) for each, words in said.items())
    )
    assert [answer.status_code for answer in answers] == [202, 202]

    async def both_arrived() -> Any:
        found = (await inbox.church.get(f"/api/conversations/{thread['id']}"))["messages"]
        shown = [each for each in found if each["status"] == "delivered"]
        return shown if len(shown) == 2 else None

    shown = await eventually(both_arrived, 15)
    named = {each["author"]["firstName"]: each["content"] for each in shown}
    assert named == {"Naomi": said[inbox.naomi], "Boaz": said[inbox.boaz]}
    assert sorted(await inbox.network.texts(thread["phone"])) == sorted(said.values())


async def test_an_assigned_thread_is_the_colleague_s_own(inbox: Inbox) -> None:
    thread = await inbox.asked("May I talk to Naomi?")
    naomi = inbox.naomi.account["admin"]["id"]
    path = f"/api/conversations/{thread['id']}/assign"
    given = await inbox.boaz.api.patch(path, json={"adminId": naomi})
    assert (given.status_code, given.json()["assigneeId"]) == (200, naomi)
    of_each = {
        name: [each["id"] for each in await staff.everything("/api/conversations", assignee="me")]
        for name, staff in (("naomi", inbox.naomi), ("boaz", inbox.boaz))
    }
    assert of_each == {"naomi": [thread["id"]], "boaz": []}
    counts = [
        (await staff.get("/api/conversations/counts"))["mine"]
        for staff in (inbox.naomi, inbox.boaz)
    ]
    assert counts == [{"total": 1, "unread": 1}, {"total": 0, "unread": 0}]


async def test_in_a_storm_where_each_text_comes_twice_none_is_lost_and_none_doubled(
    inbox: Inbox,
) -> None:
    storm = Storm.of(senders=30, texts=150)
    await inbox.network.turn(**CALM | {"duplicate_share": 1.0})
    await storm.break_out(inbox.network, inbox.church.number)
    threads = await eventually(lambda: storm.threads(inbox.church), 45)
    await inbox.network.rest()
    assert len(threads) == 30
    assert await lines(inbox.church, threads) == storm.lines


async def test_a_keyword_leads_into_a_group_and_its_answer_into_the_thread(inbox: Inbox) -> None:
    naomi, words = inbox.naomi.account["admin"]["id"], "You're on the list!"
    [branch] = await inbox.church.everything("/api/branches")
    picnic = {"name": "Picnic", "branchId": branch["id"]}
    group = (await inbox.church.api.post("/api/groups", json=picnic)).json()["id"]
    keyword = {"word": "PICNIC", "groupId": group, "answer": words, "notify": [naomi]}
    made = await inbox.church.api.post("/api/keywords", json=keyword)
    assert made.status_code == 201, made.text
    await inbox.network.text(STRANGER, inbox.church.number, "picnic!")
    thread = await inbox.church.conversation_with(STRANGER)
    answer = await eventually(lambda: _outbound(inbox.church, thread["id"], "delivered"), 15)
    assert (answer["source"], answer["author"]) == ("keyword", None)
    assert answer["content"].startswith(words)
    assert await inbox.network.texts(STRANGER) == [answer["content"]]
    [member] = await inbox.church.everything("/api/members", groupId=group)
    assert member["phone"] == STRANGER


async def test_a_picture_is_fetched_and_shown_by_a_link_that_cannot_be_forged(
    inbox: Inbox, shelf: Shelf, visitor: httpx.AsyncClient
) -> None:
    sent = picture()
    address = shelf.put("/cat.jpg", sent)
    await inbox.network.text(PHOTOGRAPHER, inbox.church.number, "Look!", address)
    thread = await inbox.church.conversation_with(PHOTOGRAPHER)

    async def stored() -> Any:
        [line] = (await inbox.church.get(f"/api/conversations/{thread['id']}"))["messages"]
        [file] = line["media"]
        return file if file["status"] == "stored" else None

    file = await eventually(stored, 15)
    assert (file["contentType"], file["width"], file["height"]) == ("image/jpeg", 60, 40)
    shown = await visitor.get(file["url"])
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert shown.content == sent
    assert (await visitor.get(file["url"][:-4] + "AAAA")).status_code == 403


async def test_a_group_text_is_shown_whole_and_answered_to_whom_staff_choose(
    inbox: Inbox, shelf: Shelf
) -> None:
    """Our number last and unmarked; a photograph of an iPhone, the words a part of it."""
    friend = inbox.church.phones[-1]
    parts = (
        shelf.put("/IMG_1.heic", photograph()),
        shelf.put("/words.txt", b"Look at us"),
        shelf.put("/layout.smil", b"<smil><body/></smil>"),
    )
    group = [friend, inbox.church.number]
    await inbox.network.text_to_several(CAMPER, group, "", *parts)
    thread = await inbox.church.conversation_with(CAMPER)
    path = f"/api/conversations/{thread['id']}"

    async def shown() -> Any:
        [line] = (await inbox.church.get(path))["messages"]
        return line if [each["status"] for each in line["media"]] == ["stored"] else None

    line = await eventually(shown, 15)
    assert (line["content"], line["media"][0]["contentType"]) == ("Look at us", "image/jpeg")
    assert [each["phone"] for each in line["participants"]] == [friend]
    answer = {"content": "Lovely!"}
    asked = await inbox.naomi.api.post(f"{path}/reply", json=answer)
    assert (asked.status_code, asked.json()["error"]["code"]) == (409, "RECIPIENT_NOT_CHOSEN")
    await inbox.naomi.api.post(f"{path}/reply", json=answer | {"recipient": CAMPER})
    await eventually(lambda: _outbound(inbox.church, thread["id"], "delivered"), 15)
    assert await inbox.network.texts(CAMPER) == ["Lovely!"]
    assert "Lovely!" not in await inbox.network.texts(friend)


async def _outbound(church: Church, thread_id: str, status: str) -> dict[str, Any] | None:
    lines = (await church.get(f"/api/conversations/{thread_id}"))["messages"]
    wanted = ("outbound", status)
    return next((each for each in lines if (each["direction"], each["status"]) == wanted), None)
