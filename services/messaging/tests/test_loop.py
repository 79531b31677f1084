"""No request holds the event loop for more than a tenth of a second."""

from uuid import UUID

import httpx
import pytest

from koinonia.common import db
from koinonia.common.testing import heavy_requests, loop_steps, phones, service
from koinonia.messaging.people.optout import meaning
from koinonia.messaging.program import PROGRAM

from . import factories
from .desk import Desk
from .imports import HEADER, send

PARTS = {
    "messages": ("/api/messages", "/api/drafts"),
    "schedules": ("/api/schedules", "/api/texting-rules", "/api/templates", "/api/keywords"),
    "people": ("/api/members", "/api/consents", "/api/groups", "/api/segments"),
    "others": ("/api/branches", "/api/imports", "/api/fields", "/api/phone-numbers"),
}


@pytest.mark.parametrize("part", PARTS)
async def test_no_request_is_too_heavy(api: httpx.AsyncClient, part: str) -> None:
    document = service.document(PROGRAM)
    paths = {path: item for path, item in document["paths"].items() if path.startswith(PARTS[part])}
    assert await heavy_requests.holding(api, {**document, "paths": paths}) == []


def test_every_operation_is_in_a_part() -> None:
    everything = tuple(prefix for part in PARTS.values() for prefix in part)
    assert all(path.startswith(everything) for path in service.document(PROGRAM)["paths"])


EVERY_DAY = ",".join(str(day) for day in range(-31, 32) if day)
RULES = (
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31",
    "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31;BYMONTH=2,4,6,9,11",
    "FREQ=WEEKLY;INTERVAL=999;BYDAY=MO,TU,WE,TH,FR,SA,SU;COUNT=1000",
    f"FREQ=MONTHLY;BYMONTHDAY={EVERY_DAY};BYSETPOS=366",
    f"FREQ=YEARLY;BYMONTHDAY={EVERY_DAY};BYDAY=MO;BYSETPOS=-300",
    "FREQ=DAILY;UNTIL=99991231T235959Z",
)


@pytest.mark.parametrize("rule", RULES)
async def test_no_recurrence_holds_the_loop(api: httpx.AsyncClient, rule: str) -> None:
    asked = {
        "rrule": rule,
        "count": 50,
        "scheduledFor": {"localTime": "2027-01-03T09:00:00", "timezone": "America/Chicago"},
    }
    async with loop_steps.held_briefly():
        answer = await api.post("/api/schedules/dates", json=asked)
    assert answer.status_code < 500


TEXTS = ("\ufdfa" * 1600, "{{firstName}}" * 120, "’" * 1600, "👩‍👧" * 300, "Stop " * 320)


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
async def test_no_text_holds_the_loop_while_it_is_composed(desk: Desk, text: str) -> None:
    await desk.members(300)
    for content in (text, f"Hi {{{{firstName}}}}, {text[:1000]}"):
        async with loop_steps.held_briefly():
            previewed = await desk.post("preview", content)
        async with loop_steps.held_briefly():
            counted = await desk.api.post("/api/messages/segments", json={"content": content})
        async with loop_steps.held_briefly():
            kept = {"name": "A", "content": content, "category": "b"}
            templated = await desk.api.post("/api/templates", json=kept)
        async with loop_steps.held_briefly():
            sent = await desk.post("send", content)
        answers = (previewed, counted, templated, sent)
        assert all(answer.status_code < 500 for answer in answers)


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
async def test_no_answer_holds_the_loop_while_it_is_understood(text: str) -> None:
    async with loop_steps.held_briefly():
        meaning.meaning(text * 10)


async def test_no_list_of_people_holds_the_loop(api: httpx.AsyncClient, desk: Desk) -> None:
    await desk.members(1_000)
    for query in ({"limit": 100}, {"page": 9, "limit": 100}, {"search": "a" * 100}):
        async with loop_steps.held_briefly():
            answer = await api.get("/api/members", params=query)
        assert answer.status_code == 200


async def test_no_work_on_a_thousand_people_holds_the_loop(
    api: httpx.AsyncClient, desk: Desk
) -> None:
    await desk.members(1_000)
    async with desk.house.database.transaction(desk.church_id) as session:
        group = await factories.group(session, desk.church_id)
        found = await db.values(session, UUID, "SELECT id FROM members LIMIT 1000")
    ids = [str(each) for each in found]
    async with loop_steps.held_briefly():
        added = await api.post(f"/api/groups/{group}/members", json={"memberIds": ids})
    assert added.is_success
    async with loop_steps.held_briefly():
        named = await desk.post("preview", "Hello", targetType="individual", targetIds=ids)
    assert named.is_success


async def test_no_export_holds_the_loop(api: httpx.AsyncClient) -> None:
    lines = "".join(f"Ann,Lee{n},{phones.phone(n + 1)},,\n" for n in range(1_000))
    async with loop_steps.held_briefly():
        imported = await send(api, f"{HEADER}\n{lines}")
    async with loop_steps.held_briefly():
        exported = await api.get("/api/consents/export")
    assert (imported.json()["created"], exported.text.count("\n") > 1_000) == (1_000, True)
