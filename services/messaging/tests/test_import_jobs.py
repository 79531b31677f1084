"""A file is sent, mapped, checked and written by a worker."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from koinonia.common import db
from koinonia.common.identity import Role
from koinonia.common.testing import probe
from koinonia.messaging.importing import limits, turns

from .conftest import Client
from .import_jobs import (
    AGREED,
    PATH,
    WITHOUT,
    checked,
    command,
    counts,
    ended,
    guessed,
    mapped,
    people,
    post,
    sent,
    written,
)

HEAD = "First Name,Surname,Cell #,E-mail,Date of birth,Grupos,Shoe size\n"
ADA = "Ada,Lovelace,(202) 555-0101,ada@example.org,12/10/1985,Choir;Youth,38\n"
BO = "Bo,Lee,202.555.0102,,1990-04-05,Choir,\n"
FILE = HEAD + ADA + BO


async def test_a_file_is_shown_with_a_guess_and_nothing_is_imported(
    api: httpx.AsyncClient,
) -> None:
    job = await sent(api, FILE)
    assert [each["to"] for each in job["columns"]] == [
        *("firstName", "lastName", "phone", "email", "birthday", "groups", "leftOut")
    ]
    assert [each["looksLike"] for each in job["columns"]] == [
        *("text", "text", "phone", "email", "date", "text", "text")
    ]
    assert job["firstRows"][0] == {"row": 2, "cells": ADA.strip().split(",")}
    assert (job["status"], job["rows"], job["format"]) == ("uploaded", 2, "csv")
    assert await people(api) == {}


async def test_heads_are_guessed_in_spanish(api: httpx.AsyncClient) -> None:
    head = "Nombre,Apellidos,Teléfono móvil,Correo electrónico,Fecha de nacimiento\n"
    job = await sent(api, head + "Ana,Ruiz,2025550103,ana@example.org,1990-04-05\n")
    assert [each["to"] for each in job["columns"]] == [
        *("firstName", "lastName", "phone", "email", "birthday")
    ]


async def test_without_telling_heads_the_contents_tell(api: httpx.AsyncClient) -> None:
    job = await sent(api, "a,b,c\nAda,2025550101,ada@example.org\nBo,2025550102,bo@example.org\n")
    assert [each["to"] for each in job["columns"]] == ["leftOut", "phone", "email"]


async def test_a_check_says_what_would_be_and_changes_nothing(
    house: Any, api: httpx.AsyncClient
) -> None:
    await written(house, api, HEAD + ADA)
    job = await checked(
        house,
        api,
        HEAD
        + ADA.replace("ada@", "countess@")
        + "Cy,Lee,2025550101,,,North/Prayer,\n"
        + "Dee,Fox,call me,,,,\n"
        + "Eve,Fox,2025550105,,,,\n"
        + "Eve,Fox,2025550105,,,,\n",
    )
    assert (job["status"], counts(job)) == ("checked", (2, 1, 1, 1))
    assert job["counts"]["households"] == 1
    assert job["newGroups"] == ["North/Prayer"]
    [refused] = [each for each in job["sample"] if each["outcome"] == "failed"]
    assert (refused["row"], "phone" in refused["reason"].lower()) == (4, True)
    known = await people(api)
    assert (list(known), known["Ada"]["email"]) == (["Ada"], "ada@example.org")


async def test_the_rows_are_written_with_their_groups_and_fields(
    house: Any, api: httpx.AsyncClient
) -> None:
    job = await written(house, api, FILE)
    known = await people(api)
    assert (job["status"], counts(job), job["rowsDone"]) == ("done", (2, 0, 0, 0), 2)
    assert known["Ada"]["fields"] == {"birthday": "12/10/1985"}
    assert [each["name"] for each in known["Ada"]["groups"]] == ["Choir", "Youth"]
    assert job["columnsLeftOut"] == ["Shoe size"]


async def test_a_column_becomes_a_new_field(house: Any, api: httpx.AsyncClient) -> None:
    job = await sent(api, FILE)
    columns = guessed(job)
    columns[6] = {"column": 7, "to": "newField", "field": "shoes", "label": "Shoe size"}
    job = await mapped(api, job, columns)
    assert job["newFields"] == ["birthday", "shoes"]
    await command(api, job, "start")
    await ended(house, api, job)
    assert (await people(api))["Ada"]["fields"]["shoes"] == "38"


async def test_the_statement_of_staff_is_what_the_ledger_says(
    house: Any, api: httpx.AsyncClient
) -> None:
    await written(house, api, FILE)
    shown = (await api.get("/api/consents", params={"phone": "+12025550101"})).json()
    assert shown["state"] == "granted"
    [entry] = shown["history"]
    assert "I agree to get texts from Grace Chapel." in entry["words"]
    assert "2026-09-01, by the connect card" in entry["words"]


async def test_without_a_statement_nobody_is_texted(house: Any, api: httpx.AsyncClient) -> None:
    job = await written(house, api, FILE, consent=WITHOUT)
    assert job["counts"]["granted"] == 0
    assert (await people(api))["Ada"]["consent"] == "none"


async def test_a_column_that_speaks_of_consent_has_to_be_decided(
    house: Any, api: httpx.AsyncClient
) -> None:
    job = await sent(api, "name,phone,Do not text\nAda X,2025550101,x\nBo Y,2025550102,\n")
    assert job["columns"][2]["to"] is None
    body = {"columns": guessed(job)[:2], "consent": AGREED}
    refused = await api.put(f"{PATH}/{job['id']}/mapping", json=body)
    assert refused.json()["error"]["code"] == "CONSENT_COLUMN"
    job = await mapped(api, job, [*guessed(job)[:2], {"column": 3, "to": "optOut"}])
    await command(api, job, "start")
    job = await ended(house, api, job)
    assert (job["counts"]["optedOut"], job["counts"]["granted"]) == (1, 1)


async def test_refused_rows_are_a_file_that_can_be_corrected_and_sent(
    house: Any, api: httpx.AsyncClient
) -> None:
    job = await written(house, api, HEAD + ADA + "Bo,=1+1,nothing,,,Choir,\n")
    answer = await api.get(f"{PATH}/{job['id']}/refused")
    head, row = answer.content.decode("utf-8-sig").splitlines()
    assert answer.text.startswith("\ufeff")  # else Excel makes another José of it
    assert head == "First Name,Surname,Cell #,E-mail,Date of birth,Grupos,Shoe size,row,reason"
    assert row.startswith("Bo,'=1+1,nothing,,,Choir,,3,")
    again = await written(house, api, answer.text.replace("nothing", "2025550102"))
    assert counts(again) == (1, 0, 0, 0)


async def test_the_rows_that_are_shown_say_whom_they_are_about(
    house: Any, api: httpx.AsyncClient, church_id: UUID
) -> None:
    rows = (
        "Ada,X,512-555-0142 (cell) / 512-555-0143,\n",
        "Bo,Y,512-555-0144 (wrong number),\n",
        "Cy,Z,n/a,(512) 555-0145\n",
        "Dee,Q,5.12555E+9,\n",
    )
    job = await checked(house, api, "First,Last,Cell Phone,Home Phone\n" + "".join(rows))
    shown = [
        (each["name"], each["phone"], each["outcome"], each["code"], each["values"])
        for each in job["sample"]
    ]
    assert shown == [
        ("Ada X", "512-555-0142 (cell) / 512-555-0143", "created", "OTHER_PHONES_LEFT_OUT", {}),
        (
            "Bo Y",
            "512-555-0144 (wrong number)",
            "failed",
            "PHONE_WITH_WORDS",
            words("wrong number"),
        ),
        ("Cy Z", "n/a", "created", None, {}),
        ("Dee Q", "5.12555E+9", "failed", "PHONE_SHORTENED", {}),
    ]
    async with house.database.transaction(church_id) as session:
        [kept] = await probe.rows(session, "SELECT sample::text FROM import_jobs", {})
    assert "555" not in kept.sample
    assert "Ada" not in kept.sample
    await command(api, job, "start")
    job = await ended(house, api, job)
    assert [each["name"] for each in job["sample"]] == ["Ada X", "Bo Y", "Cy Z", "Dee Q"]
    assert (await people(api))["Cy"]["phone"] == "+15125550145"


def words(said: str) -> dict[str, str]:
    return {"words": said}


async def test_everybody_joins_the_groups_that_staff_choose(
    house: Any, api: httpx.AsyncClient
) -> None:
    branch = (await api.post("/api/branches", json={"name": "North"})).json()
    group = (await api.post("/api/groups", json={"name": "New", "branchId": branch["id"]})).json()
    await written(house, api, "name,phone\nAda X,2025550101\n", groupIds=[group["id"]])
    assert [each["name"] for each in (await people(api))["Ada"]["groups"]] == ["New"]


async def test_who_has_the_external_id_is_the_same_person_with_a_new_number(
    house: Any, api: httpx.AsyncClient
) -> None:
    first = "Person Id,name,phone\n7,Ada Lovelace,2025550101\n"
    await written(house, api, first, externalSystem="planning-center")
    job = await written(
        house,
        api,
        "Person Id,name,phone\n7,Ada King,2025550109\n",
        externalSystem="planning-center",
    )
    known = await people(api)
    assert counts(job) == (0, 1, 0, 0)
    assert (len(known), known["Ada"]["phone"], known["Ada"]["lastName"]) == (
        1,
        "+12025550109",
        "King",
    )


async def test_two_rows_with_one_external_id_are_one_too_many(
    house: Any, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = "Person Id,name,phone\n7,Ada X,2025550101\n7,Bo Y,2025550102\n"
    for size in (500, 1):
        monkeypatch.setattr(limits, "ROWS_OF_A_PART", size)
        job = await checked(house, api, file, externalSystem="elvanto")
        assert counts(job) in ((1, 0, 0, 1), (2, 0, 0, 0))
    job = await written(house, api, file, externalSystem="elvanto")
    assert counts(job) == (1, 0, 0, 1)


async def test_jobs_of_several_churches_take_turns(
    house: Any,
    client: Client,
    church_id: UUID,
    other_church_id: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "ROWS_OF_A_PART", 1)
    file = "name,phone\n" + "".join(f"P{n} X,202555{n + 1000}\n" for n in range(3))
    jobs = []
    for church in (church_id, other_church_id):
        api = client(church)
        job = await mapped(api, await sent(api, file))
        await command(api, job, "start")
        jobs.append((api, job))
    for _ in range(4):
        assert await turns.take(house)
    done = [(await api.get(f"{PATH}/{job['id']}")).json()["rowsDone"] for api, job in jobs]
    assert done == [2, 2]
    await turns.work(house)


async def test_a_cancelled_job_keeps_what_it_wrote(
    house: Any, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ROWS_OF_A_PART", 1)
    job = await mapped(api, await sent(api, FILE))
    await command(api, job, "start")
    await turns.take(house)
    job = await command(api, job, "cancel")
    assert (job["status"], counts(await ended(house, api, job))) == ("cancelled", (1, 0, 0, 0))
    refused = await api.post(f"{PATH}/{job['id']}/start", json={})
    assert refused.json()["error"]["code"] == "IMPORT_NOT_IN_STATE"


async def test_progress_is_told_and_has_no_people_in_it(
    house: Any, api: httpx.AsyncClient, church_id: UUID
) -> None:
    job = await written(house, api, FILE)
    async with house.database.transaction() as session:
        told = await probe.rows(
            session,
            """
            SELECT body::jsonb AS body FROM outbox
             WHERE church_id = :church AND name = 'import.progressed' ORDER BY position
            """,
            {"church": church_id},
        )
    assert {each.body["importId"] for each in told} == {job["id"]}
    assert (told[-1].body["status"], told[-1].body["rowsDone"]) == ("done", 2)
    assert "Ada" not in str(told)


async def test_the_file_is_sealed(house: Any, api: httpx.AsyncClient, church_id: UUID) -> None:
    await written(house, api, FILE)
    async with house.database.transaction(church_id) as session:
        [part] = await probe.rows(session, "SELECT content, result FROM import_parts", {})
    assert b"2025550101" not in part.content + part.result
    assert b"Lovelace" not in part.content + part.result


async def test_the_same_key_is_the_same_import(api: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "i1"}
    first, again = await post(api, FILE, headers=key), await post(api, FILE, headers=key)
    assert first.json()["id"] == again.json()["id"]
    other = await post(api, FILE + "Cy,,2025550103,,,,\n", headers=key)
    assert other.status_code == 422


async def test_viewers_neither_send_nor_see_files(client: Client, church_id: UUID) -> None:
    viewer = client(church_id, Role.VIEWER)
    assert (await post(viewer, FILE)).status_code == 403
    assert (await viewer.get(PATH)).status_code == 403


async def test_another_church_sees_nothing_of_it(
    api: httpx.AsyncClient, client: Client, other_church_id: UUID
) -> None:
    job = await sent(api, FILE)
    other = client(other_church_id)
    answers = [
        await other.get(f"{PATH}/{job['id']}"),
        await other.get(f"{PATH}/{job['id']}/refused"),
        await other.post(f"{PATH}/{job['id']}/start", json={}),
        await other.delete(f"{PATH}/{job['id']}"),
    ]
    assert [each.json()["error"]["code"] for each in answers] == ["IMPORT_NOT_FOUND"] * 4
    assert (await other.get(PATH)).json()["data"] == []


async def test_who_starts_before_mapping_is_told_to_map(api: httpx.AsyncClient) -> None:
    job = await sent(api, FILE)
    answer = await api.post(f"{PATH}/{job['id']}/start", json={})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "IMPORT_NOT_MAPPED")


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ([{"column": 1, "to": "firstName"}], "MAPPING_DOES_NOT_FIT"),
        ([{"column": 3, "to": "phone"}, {"column": 3, "to": "email"}], "MAPPING_DOES_NOT_FIT"),
        ([{"column": 8, "to": "phone"}], "MAPPING_DOES_NOT_FIT"),
        ([{"column": 3, "to": "phone"}, {"column": 1, "to": "field"}], "MAPPING_DOES_NOT_FIT"),
        ([{"column": 3, "to": "phone"}, {"column": 1, "to": "externalId"}], "MAPPING_DOES_NOT_FIT"),
        ([{"column": 3, "to": "phone"}, {"column": 6, "to": "branch"}], "MAPPING_DOES_NOT_FIT"),
        ([{"column": 3, "to": "phone", "colour": "red"}], "UNKNOWN_FIELD"),
        (
            [{"column": 3, "to": "phone"}, {"column": 1, "to": "field", "field": "no"}],
            "UNKNOWN_CUSTOM_FIELD",
        ),
    ],
)
async def test_a_mapping_that_does_not_fit_is_refused(
    api: httpx.AsyncClient, columns: Any, code: str
) -> None:
    job = await sent(api, FILE)
    body = {"columns": columns, "consent": WITHOUT}
    answer = await api.put(f"{PATH}/{job['id']}/mapping", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == code


async def test_who_says_agreed_says_how(api: httpx.AsyncClient) -> None:
    job = await sent(api, FILE)
    body = {"columns": guessed(job), "consent": {"agreed": True}}
    answer = await api.put(f"{PATH}/{job['id']}/mapping", json=body)
    assert answer.status_code == 400
    assert "wording" in answer.text


async def test_a_broken_part_is_tried_again_and_ends_the_job(
    house: Any, api: httpx.AsyncClient, church_id: UUID, database: db.Database
) -> None:
    job = await mapped(api, await sent(api, FILE))
    await command(api, job, "start")
    async with database.transaction(church_id) as session:
        await db.run(session, "UPDATE import_parts SET content = 'broken'", {})
    for _ in range(turns.MOST_ATTEMPTS):
        async with database.transaction() as session:
            await db.run(
                session,
                "UPDATE due_imports SET due_at = now() WHERE job_id = :id",
                {"id": job["id"]},
            )
        await turns.work(house)
    async with database.transaction(church_id) as session:
        [row] = await probe.rows(session, "SELECT status, code FROM import_jobs", {})
    assert (row.status, row.code) == ("failed", "IMPORT_BROKEN")
