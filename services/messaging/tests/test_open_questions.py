"""Whose broadcasts wait, since when and for which words: what staff see, and viewers too."""

from datetime import datetime
from uuid import UUID

from httpx import AsyncClient

from koinonia.common import clock, db
from koinonia.common.identity import Role
from koinonia.messaging.people.consent import sealed_words, stop_questions
from koinonia.messaging.people.consent.entries import ConsentKind, ConsentMethod, Entry

from . import factories
from .conftest import Client

PHONE, STRANGER = "+12025550142", "+12025550177"
ASKS = "no more messages from your church please"


async def ask(database: db.Database, church_id: UUID, phone: str, words: str) -> None:
    """Open a question about a text of the phone, as a text that came in does."""
    at = clock.now()
    entry = Entry(
        phone_index=factories.PHONES.index(church_id, phone),
        phone_sealed=factories.PHONES.seal(phone),
        kind=ConsentKind.ASKED,
        method=ConsentMethod.KEYWORD,
        at=at,
        words=sealed_words.sealed(factories.PHONES, words),
    )
    async with database.transaction(church_id) as session:
        await stop_questions.open_one(session, church_id, entry, "telnyx", str(db.uuid7()))


async def test_open_questions_are_listed_with_words_people_and_times(
    api: AsyncClient, database: db.Database, church_id: UUID
) -> None:
    ada = {"firstName": "Ada", "lastName": "Moss", "phone": PHONE}
    member = (await api.post("/api/members", json=ada)).json()
    await ask(database, church_id, PHONE, "Enough")
    await ask(database, church_id, STRANGER, ASKS)
    listed = (await api.get("/api/consents/stop-questions", params={"page": 1})).json()
    first, second = listed["data"]
    assert listed["total"] == 2
    person = {"id": member["id"], "firstName": "Ada", "lastName": "Moss"}
    assert (first["phone"], first["words"], first["members"]) == (PHONE, "Enough", [person])
    assert (second["phone"], second["words"], second["members"]) == (STRANGER, ASKS, [])
    asked_at, counts_from = (
        datetime.fromisoformat(first[name]) for name in ("askedAt", "countsFrom")
    )
    assert counts_from == stop_questions.business_days_after(asked_at, 10)


async def test_a_cursor_walks_the_open_questions(
    api: AsyncClient, database: db.Database, church_id: UUID
) -> None:
    for n in range(5):
        await ask(database, church_id, f"+1202555010{n}", f"Enough {n}")
    seen, params = list[str](), {"limit": "2"}
    while True:
        listed = (await api.get("/api/consents/stop-questions", params=params)).json()
        seen += [each["words"] for each in listed["data"]]
        if listed["nextCursor"] is None:
            break
        params["cursor"] = listed["nextCursor"]
    assert seen == [f"Enough {n}" for n in range(5)]


async def test_members_show_and_are_filtered_by_whether_their_broadcasts_wait(
    api: AsyncClient, database: db.Database, church_id: UUID
) -> None:
    for name, phone in (("Ada", PHONE), ("Bea", STRANGER)):
        await api.post("/api/members", json={"firstName": name, "phone": phone})
    await ask(database, church_id, PHONE, "Enough")
    shown = (await api.get("/api/members")).json()["data"]
    assert {each["firstName"]: bool(each["stopQuestion"]) for each in shown} == {
        "Ada": True,
        "Bea": False,
    }
    params = {"stopQuestion": "open", "page": "1"}
    waiting = (await api.get("/api/members", params=params)).json()
    [ada] = waiting["data"]
    assert (ada["firstName"], waiting["total"]) == ("Ada", 1)
    assert ada["stopQuestion"]["words"] == "Enough"
    assert (await api.get(f"/api/members/{ada['id']}")).json() == ada


async def test_a_viewer_sees_open_questions_and_settles_none(
    client: Client, database: db.Database, church_id: UUID
) -> None:
    await ask(database, church_id, PHONE, ASKS)
    decision = {"phone": PHONE, "decision": "ordinary"}
    async with client(church_id, Role.VIEWER) as viewer, client(church_id, Role.STAFF) as staff:
        [seen] = (await viewer.get("/api/consents/stop-questions")).json()["data"]
        refused = await viewer.post("/api/consents/stop-question", json=decision)
        settled = await staff.post("/api/consents/stop-question", json=decision)
        left = (await viewer.get("/api/consents/stop-questions")).json()["data"]
    assert seen["words"] == ASKS
    assert (refused.status_code, settled.status_code, left) == (403, 200, [])


async def test_another_church_sees_no_question(
    client: Client, database: db.Database, church_id: UUID
) -> None:
    await ask(database, church_id, PHONE, ASKS)
    async with client(db.uuid7()) as other:
        assert (await other.get("/api/consents/stop-questions")).json()["data"] == []
