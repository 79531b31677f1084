"""What staff record, read and export of who agreed and who said stop."""

import csv
import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.common.identity import Role
from koinonia.messaging.people.consent import ledger, ledger_export, sealed_words
from koinonia.messaging.people.consent.entries import ConsentKind, ConsentMethod, Entry

from . import factories
from .conftest import Client

PHONE = "+12025550142"
BY_VOICE = {"phone": PHONE, "kind": "revoked", "note": "Called the office"}


async def texted(session: AsyncSession, church_id: UUID, words: str, kind: ConsentKind) -> None:
    entry = Entry(
        phone_index=factories.PHONES.index(church_id, PHONE),
        phone_sealed=factories.PHONES.seal(PHONE),
        kind=kind,
        method=ConsentMethod.KEYWORD,
        at=clock.now(),
        words=sealed_words.sealed(factories.PHONES, words),
        event_id=db.uuid7(),
    )
    await ledger.append(session, church_id, [entry])


async def create_member(api: httpx.AsyncClient, **given: Any) -> dict[str, Any]:
    body = {"firstName": "Ada", "phone": PHONE} | given
    created = await api.post("/api/members", json=body)
    assert created.status_code == 201, created.text
    member: dict[str, Any] = created.json()
    return member


async def test_nothing_is_known_of_a_phone_that_nobody_entered(api: httpx.AsyncClient) -> None:
    known = (await api.get("/api/consents", params={"phone": PHONE})).json()
    assert (known["state"], known["since"], known["history"]) == ("none", None, [])


async def test_entering_a_member_grants_consent_with_who_how_and_where(
    api: httpx.AsyncClient,
) -> None:
    member = await create_member(api)
    known = (await api.get("/api/consents", params={"memberId": member["id"]})).json()
    [entry] = known["history"]
    assert (known["phone"], known["state"], known["isOwn"]) == (PHONE, "granted", False)
    assert (entry["kind"], entry["method"]) == ("granted", "staff")
    assert "said that its owner agreed" in entry["words"]
    assert entry["actorId"]
    assert entry["address"]


async def test_a_member_may_be_entered_without_consent(api: httpx.AsyncClient) -> None:
    member = await create_member(api, consent=False)
    known = (await api.get("/api/consents", params={"memberId": member["id"]})).json()
    assert known["state"] == "none"


async def test_a_new_phone_starts_without_the_consent_of_the_old_one(
    api: httpx.AsyncClient,
) -> None:
    member = await create_member(api)
    path = f"/api/members/{member['id']}"
    await api.patch(path, json={"phone": "+12025550143"})
    known = (await api.get("/api/consents", params={"memberId": member["id"]})).json()
    assert (known["phone"], known["state"]) == ("+12025550143", "none")
    await api.patch(path, json={"consent": True})
    known = (await api.get("/api/consents", params={"memberId": member["id"]})).json()
    assert known["state"] == "granted"


async def test_staff_record_a_stop_that_was_spoken_and_may_take_it_back(
    api: httpx.AsyncClient,
) -> None:
    await create_member(api)
    stopped = await api.post("/api/consents", json=BY_VOICE | {"words": "Please, no more texts"})
    assert (stopped.status_code, stopped.json()["state"]) == (201, "revoked")
    lifted = await api.post(
        "/api/consents",
        json={"phone": PHONE, "kind": "granted", "method": "web_form", "words": "I agree"},
    )
    assert (lifted.status_code, lifted.json()["state"]) == (201, "granted")
    kinds = [(entry["kind"], entry["method"]) for entry in lifted.json()["history"]]
    assert kinds == [("granted", "staff"), ("revoked", "staff"), ("granted", "web_form")]
    assert lifted.json()["history"][1]["words"] == "Please, no more texts"


async def test_nobody_but_the_person_takes_back_their_own_stop(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    async with database.transaction(church_id) as session:
        await texted(session, church_id, "STOP", ConsentKind.REVOKED)
    refused = await api.post(
        "/api/consents", json={"phone": PHONE, "kind": "granted", "note": "She said it is fine"}
    )
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "STOP_IS_THEIRS"
    member = await create_member(api)
    assert member["optedOut"] is True


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"phone": PHONE, "kind": "revoked"}, "REASON_MISSING"),
        ({"phone": PHONE, "kind": "revoked", "note": "  "}, "REASON_MISSING"),
        ({"kind": "revoked", "note": "x"}, "PHONE_OR_MEMBER"),
        (BY_VOICE | {"memberId": str(db.uuid7())}, "PHONE_OR_MEMBER"),
        (BY_VOICE | {"phone": "12"}, "VALIDATION_ERROR"),
        (BY_VOICE | {"method": "keyword"}, "VALIDATION_ERROR"),
        (BY_VOICE | {"kind": "forgotten"}, "VALIDATION_ERROR"),
        (BY_VOICE | {"occurredAt": "2150-01-01T00:00:00Z"}, "IN_THE_FUTURE"),
        (BY_VOICE | {"occurredAt": "1970-01-01T00:00:00Z"}, "TOO_LONG_AGO"),
        (BY_VOICE | {"occurredAt": "1999-12-31T23:59:59Z"}, "TOO_LONG_AGO"),
        (BY_VOICE | {"occurredAt": "2999-01-01T00:00:00Z"}, "VALIDATION_ERROR"),
        (BY_VOICE | {"occurredAt": "0001-01-01T00:00:00+14:00"}, "VALIDATION_ERROR"),
        (BY_VOICE | {"occurredAt": 0}, "VALIDATION_ERROR"),
        (BY_VOICE | {"occurredAt": "2026-01-01T00:00:00"}, "VALIDATION_ERROR"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    api: httpx.AsyncClient, body: dict[str, Any], code: str
) -> None:
    refused = await api.post("/api/consents", json=body)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, code)


async def test_a_word_of_yesterday_counts_as_of_yesterday(api: httpx.AsyncClient) -> None:
    yesterday = (clock.now() - timedelta(days=1)).isoformat()
    known = (await api.post("/api/consents", json=BY_VOICE | {"occurredAt": yesterday})).json()
    assert known["since"].startswith(yesterday[:10])


async def test_a_viewer_records_nothing_and_staff_export_nothing(
    client: Client, church_id: UUID
) -> None:
    recorded = await client(church_id, Role.VIEWER).post("/api/consents", json=BY_VOICE)
    exported = await client(church_id, Role.STAFF).get("/api/consents/export")
    assert (recorded.status_code, exported.status_code) == (403, 403)


async def test_a_church_sees_its_own_ledger_only(
    api: httpx.AsyncClient, client: Client, other_church_id: UUID
) -> None:
    member = await create_member(api)
    other = client(other_church_id)
    assert (await other.get("/api/consents", params={"phone": PHONE})).json()["history"] == []
    params = {"memberId": member["id"]}
    assert (await other.get("/api/consents", params=params)).status_code == 404
    assert (await other.get("/api/consents/export")).text.count("\r\n") == 1


async def test_the_ledger_is_exported_as_a_table_that_no_spreadsheet_carries_out(
    api: httpx.AsyncClient,
    database: db.Database,
    church_id: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ledger_export, "PAGE", 2)
    await create_member(api)
    async with database.transaction(church_id) as session:
        await texted(session, church_id, '=HYPERLINK("http://x"), "stop"\nme', ConsentKind.REVOKED)
    await api.post("/api/consents", json=BY_VOICE | {"note": "+1 said so"})
    exported = await api.get("/api/consents/export")
    assert exported.headers["content-type"].startswith("text/csv")
    assert "attachment" in exported.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(exported.text, newline="")))
    assert [row["kind"] for row in rows] == ["granted", "revoked", "revoked"]
    assert {row["phone"] for row in rows} == {PHONE}
    assert {row["state"] for row in rows} == {"revoked"}
    assert rows[1]["words"] == '\'=HYPERLINK("http://x"), "stop"\nme'
    assert rows[1]["sourceMessage"]
    assert (rows[2]["note"], bool(rows[2]["actor"]), bool(rows[2]["ipAddress"])) == (
        "'+1 said so",
        True,
        True,
    )
