"""An import is undone: what nobody changed since is as it was before."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from koinonia.common import db
from koinonia.common.events.messaging import GroupRemoved, MemberRemoved
from koinonia.messaging.importing import limits, turns

from . import factories
from .import_jobs import PATH, command, counts, ended, mapped, people, sent, undone, written

HEAD = "firstName,lastName,phone,email,birthday,groups\n"
ADA = "Ada,Lovelace,2025550101,ada@example.org,1985-12-10,North/Choir\n"
BO = "Bo,Lee,2025550102,bo@example.org,,North/Choir;Youth\n"


async def consent(api: httpx.AsyncClient, phone: str) -> Any:
    return (await api.get("/api/consents", params={"phone": phone})).json()


async def test_nothing_of_it_is_left(house: Any, api: httpx.AsyncClient) -> None:
    job = await undone(house, api, await written(house, api, HEAD + ADA + BO))
    assert (job["status"], await people(api)) == ("undone", {})
    assert (await api.get("/api/groups")).json()["data"] == []
    assert (await api.get("/api/branches")).json()["data"] == []
    assert (await api.get("/api/fields")).json()["data"] == []
    assert job["undo"] == {
        "removed": 2,
        "putBack": 0,
        "kept": 0,
        "annulled": 2,
        "groupsRemoved": 2,
        "groupsKept": 0,
        "branchesRemoved": 1,
        "fieldsRemoved": 1,
    }


async def test_consent_is_annulled_and_can_be_given_again(
    house: Any, api: httpx.AsyncClient
) -> None:
    await undone(house, api, await written(house, api, HEAD + ADA))
    shown = await consent(api, "+12025550101")
    assert shown["state"] == "none"
    assert [each["kind"] for each in shown["history"]] == ["annulled", "granted"] or [
        each["kind"] for each in shown["history"]
    ] == ["granted", "annulled"]
    await written(house, api, HEAD + ADA)
    assert (await consent(api, "+12025550101"))["state"] == "granted"


async def test_a_stop_that_came_meanwhile_stays(
    house: Any, api: httpx.AsyncClient, church_id: UUID, database: db.Database
) -> None:
    job = await written(house, api, HEAD + ADA)
    async with database.transaction(church_id) as session:
        await factories.opt_out(session, church_id, "+12025550101")
    await undone(house, api, job)
    assert (await consent(api, "+12025550101"))["state"] == "revoked"


async def test_who_was_known_before_is_as_before(house: Any, api: httpx.AsyncClient) -> None:
    await written(house, api, HEAD + ADA)
    before = (await people(api))["Ada"]
    changed = "Ada,Lovelace,2025550101,countess@example.org,1815-12-10,North/Choir;Youth\n"
    job = await written(house, api, HEAD + changed + BO)
    assert counts(job) == (1, 1, 0, 0)
    job = await undone(house, api, job)
    after = await people(api)
    same = ("email", "fields", "groups", "consent", "phone")
    assert list(after) == ["Ada"]
    assert {key: after["Ada"][key] for key in same} == {key: before[key] for key in same}
    assert (job["undo"]["removed"], job["undo"]["putBack"], job["undo"]["kept"]) == (1, 1, 0)


async def test_what_somebody_changed_since_stays_and_is_listed(
    house: Any, api: httpx.AsyncClient
) -> None:
    await written(house, api, HEAD + ADA)
    changed = "Ada,Lovelace,2025550101,countess@example.org,1815-12-10,\n"
    job = await written(house, api, HEAD + changed + BO)
    known = await people(api)
    await api.patch(f"/api/members/{known['Ada']['id']}", json={"email": "new@example.org"})
    await api.patch(f"/api/members/{known['Bo']['id']}", json={"lastName": "Fox"})
    job = await undone(house, api, job)
    after = await people(api)
    assert (after["Ada"]["email"], after["Ada"]["fields"]) == (
        "new@example.org",
        {"birthday": "1985-12-10"},
    )
    assert after["Bo"]["lastName"] == "Fox"
    assert job["undo"]["kept"] == 2
    listed = (await api.get(f"{PATH}/{job['id']}/kept")).text.splitlines()
    assert listed[0].endswith(",row,reason")
    assert listed[1].endswith('2,"Somebody changed the email address since, so that stayed."')
    assert "the last name" in listed[2]


async def test_who_was_put_into_another_group_since_stays(
    house: Any, api: httpx.AsyncClient
) -> None:
    job = await written(house, api, HEAD + ADA)
    branch = (await api.get("/api/branches")).json()["data"][0]
    group = (await api.post("/api/groups", json={"name": "New", "branchId": branch["id"]})).json()
    ada = (await people(api))["Ada"]
    await api.post(f"/api/groups/{group['id']}/members", json={"memberIds": [ada["id"]]})
    job = await undone(house, api, job)
    assert list(await people(api)) == ["Ada"]
    assert (job["undo"]["kept"], job["undo"]["groupsKept"]) == (1, 1)


async def test_a_member_whose_number_it_changed_has_the_old_one_again(
    house: Any, api: httpx.AsyncClient
) -> None:
    system = {"externalSystem": "elvanto"}
    await written(house, api, "Person Id,name,phone\n7,Ada Lovelace,2025550101\n", **system)
    job = await written(house, api, "Person Id,name,phone\n7,Ada King,2025550109\n", **system)
    await undone(house, api, job)
    ada = (await people(api))["Ada"]
    assert (ada["lastName"], ada["phone"]) == ("Lovelace", "+12025550101")
    assert (await api.get("/api/members", params={"search": "0101"})).json()["data"] != []


async def test_a_cancelled_import_can_be_undone(
    house: Any, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ROWS_OF_A_PART", 1)
    job = await mapped(api, await sent(api, HEAD + ADA + BO))
    await command(api, job, "start")
    await turns.take(house)
    await command(api, job, "cancel")
    job = await undone(house, api, job)
    assert (job["undo"]["removed"], await people(api)) == (1, {})


async def test_others_hear_of_it(
    house: Any, api: httpx.AsyncClient, church_id: UUID, database: db.Database
) -> None:
    await undone(house, api, await written(house, api, HEAD + ADA))
    async with database.transaction() as session:
        names = await db.values(
            session, str, "SELECT name FROM outbox WHERE church_id = :church", {"church": church_id}
        )
    assert {MemberRemoved.name, GroupRemoved.name} <= set(names)


async def test_what_is_not_done_cannot_be_undone(house: Any, api: httpx.AsyncClient) -> None:
    job = await mapped(api, await sent(api, HEAD + ADA))
    answer = await api.post(f"{PATH}/{job['id']}/undo")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "IMPORT_NOT_IN_STATE")
    assert (await ended(house, api, job))["status"] == "uploaded"
