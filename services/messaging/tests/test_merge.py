"""Two members who are one person: nothing is lost, and a no counts for both phones."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from koinonia.common import clock, db
from koinonia.common.events.messaging import MemberMerged
from koinonia.common.identity import Role
from koinonia.common.testing import probe
from koinonia.messaging.people.consent import ministries, stop_questions
from koinonia.messaging.people.consent.entries import ConsentKind, ConsentMethod, Entry

from . import factories
from .conftest import Client

ONE, TWO = "+12025550101", "+12025550102"


async def _make(api: httpx.AsyncClient, phone: str, **said: Any) -> dict[str, Any]:
    made = await api.post("/api/members", json={"firstName": "Ada", "phone": phone, **said})
    assert made.status_code == 201, made.text
    shown: dict[str, Any] = made.json()
    return shown


async def merged(
    api: httpx.AsyncClient, member: dict[str, Any], into: dict[str, Any], **said: Any
) -> dict[str, Any]:
    body = {"into": into["id"], **said}
    answer = await api.post(f"/api/members/{member['id']}/merge", json=body)
    assert answer.status_code == 200, answer.text
    done: dict[str, Any] = answer.json()
    return done


async def _everything(api: httpx.AsyncClient) -> list[Any]:
    paths = [
        "/api/members",
        f"/api/consents?phone=%2B{ONE[1:]}",
        f"/api/consents?phone=%2B{TWO[1:]}",
    ]
    return [(await api.get(path)).json() for path in paths]


async def test_gaps_are_filled_and_groups_and_ids_are_those_of_both(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    async with database.transaction(church_id) as session:
        choir, band = [str(await factories.group(session, church_id)) for _ in "ab"]
    for key in ("team", "seat"):
        await api.post("/api/fields", json={"key": key, "label": key})
    kept = await _make(api, ONE, email="a@example.org", groupIds=[choir], fields={"team": "Blue"})
    other = {"email": "b@example.org", "timezone": "America/Denver", "groupIds": [choir, band]}
    gone = await _make(api, TWO, **other, fields={"team": "Red", "seat": "12"})
    person = {"firstName": "Ada", "phone": TWO}
    await api.put("/api/members/by-external-id/pco/7", json=person)
    done = await merged(api, gone, kept)
    member = done["member"]
    assert (done["taken"], done["joinedGroups"]) == (["timezone", "seat"], 1)
    assert (done["droppedPhone"], member["phone"]) == (TWO, ONE)
    assert (member["email"], member["timezone"]) == ("a@example.org", "America/Denver")
    assert member["fields"] == {"team": "Blue", "seat": "12"}
    assert {each["id"] for each in member["groups"]} == {choir, band}
    assert (await api.get("/api/members/by-external-id/pco/7")).json() == member
    assert (await api.get(f"/api/members/{gone['id']}")).status_code == 404


async def test_a_dry_run_answers_the_same_and_changes_nothing(api: httpx.AsyncClient) -> None:
    kept, gone = await _make(api, ONE), await _make(api, TWO, email="b@example.org")
    await api.post("/api/consents", json=_no(TWO))
    before = await _everything(api)
    tried = await merged(api, gone, kept, dryRun=True)
    assert await _everything(api) == before
    done = await merged(api, gone, kept)
    for answer in (tried, done):
        answer.pop("isDryRun")
        answer["member"].pop("updatedAt")
    assert tried == done


def _no(phone: str) -> dict[str, Any]:
    return {"kind": "revoked", "method": "staff", "words": "No more", "phone": phone}


@pytest.mark.parametrize("phone", ["kept", "merged"])
@pytest.mark.parametrize("stopped", [ONE, TWO])
async def test_a_no_of_either_phone_counts_for_the_one_that_stays(
    api: httpx.AsyncClient, phone: str, stopped: str
) -> None:
    kept, gone = await _make(api, ONE), await _make(api, TWO)
    await api.post("/api/consents", json=_no(stopped))
    done = await merged(api, gone, kept, phone=phone)
    stays = ONE if phone == "kept" else TWO
    assert (done["member"]["phone"], done["member"]["consent"]) == (stays, "revoked")
    assert done["optsOut"] is (stays != stopped)


@pytest.mark.parametrize("phone", ["kept", "merged"])
async def test_a_yes_to_one_phone_is_none_to_the_other(api: httpx.AsyncClient, phone: str) -> None:
    kept, gone = await _make(api, ONE), await _make(api, TWO, consent=False)
    done = await merged(api, gone, kept, phone=phone)
    assert done["member"]["consent"] == ("granted" if phone == "kept" else "none")
    assert done["optsOut"] is False


async def test_a_stop_of_one_ministry_goes_over_too(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    async with database.transaction(church_id) as session:
        group = await factories.group(session, church_id)
    kept, gone = await _make(api, ONE, groupIds=[str(group)]), await _make(api, TWO)
    stop = Entry(
        phone_index=factories.PHONES.index(church_id, TWO),
        phone_sealed=factories.PHONES.seal(TWO),
        kind=ConsentKind.REVOKED,
        method=ConsentMethod.KEYWORD,
        at=clock.now(),
        scope=group,
    )
    async with database.transaction(church_id) as session:
        await ministries.apply(session, church_id, stop)
    done = await merged(api, gone, kept)
    assert (done["member"]["groups"], done["member"]["consent"]) == ([], "granted")
    stopped = (await api.get("/api/consents", params={"phone": ONE})).json()["stoppedGroups"]
    assert len(stopped) == 1


async def test_of_one_phone_the_name_alone_was_the_difference(api: httpx.AsyncClient) -> None:
    kept, gone = await _make(api, ONE), await _make(api, ONE, firstName="Adelaide")
    done = await merged(api, gone, kept)
    assert (done["droppedPhone"], done["member"]["firstName"]) == (None, "Ada")


async def test_who_has_no_name_gets_that_of_the_other(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    async with database.transaction(church_id) as session:
        joined = await factories.member(
            session, church_id, phone_number=ONE, first_name="", last_name=""
        )
    gone = await _make(api, TWO)
    done = await merged(api, gone, {"id": str(joined.id)})
    assert (done["member"]["firstName"], done["taken"]) == ("Ada", ["firstName"])


async def test_others_hear_of_it_and_a_sync_learns_who_it_is_now(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    kept, gone = await _make(api, ONE), await _make(api, TWO)
    await merged(api, gone, kept)
    async with database.transaction(church_id) as session:
        told = await probe.rows(
            session,
            "SELECT name, body FROM outbox WHERE church_id = :id "
            "AND name <> 'messaging.action_taken' ORDER BY position",
            {"id": church_id},
        )
        row = await probe.first(
            session,
            "SELECT is_removed, merged_into FROM member_changes WHERE member_id = :id",
            {"id": gone["id"]},
        )
    assert [each.name for each in told][2:] == ["member.removed", "member.updated", "member.merged"]
    assert tuple(row or ()) == (True, UUID(kept["id"]))
    event = MemberMerged.model_validate_json(told[-1].body)
    assert event.dropped_phone_index == factories.PHONES.index(church_id, TWO)


async def test_a_merge_that_cannot_be_is_refused(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    kept, gone = await _make(api, ONE), await _make(api, TWO)
    await _make(api, TWO, firstName="Bo")
    bo = await _make(api, ONE, firstName="Bo")
    path = f"/api/members/{gone['id']}/merge"
    asked = Entry(
        phone_index=factories.PHONES.index(church_id, TWO),
        phone_sealed=factories.PHONES.seal(TWO),
        kind=ConsentKind.ASKED,
        method=ConsentMethod.KEYWORD,
        at=clock.now(),
        words="sealed",
    )
    refusals = [
        (path, {"into": gone["id"]}, 400, "SAME_MEMBER"),
        (path, {"into": str(db.uuid7())}, 404, "MEMBER_NOT_FOUND"),
        (path, {"into": bo["id"], "phone": "merged"}, 409, "MEMBER_EXISTS"),
    ]
    for where, body, status, code in refusals:
        answer = await api.post(where, json=body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    async with database.transaction(church_id) as session:
        await stop_questions.open_one(session, church_id, asked, "telnyx", "1")
    answer = await api.post(path, json={"into": kept["id"]})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "STOP_QUESTION_OPEN")


async def test_another_church_s_member_is_neither_half(
    client: Client, church_id: UUID, other_church_id: UUID
) -> None:
    ours, theirs = client(church_id), client(other_church_id)
    own, foreign = await _make(ours, ONE), await _make(theirs, ONE)
    for member, into in ((own, foreign), (foreign, own)):
        answer = await ours.post(f"/api/members/{member['id']}/merge", json={"into": into["id"]})
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "MEMBER_NOT_FOUND")
    viewer = client(church_id, Role.VIEWER)
    answer = await viewer.post(f"/api/members/{own['id']}/merge", json={"into": own["id"]})
    assert answer.status_code == 403
