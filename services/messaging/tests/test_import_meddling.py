"""What happens to an import when somebody changes meanwhile what it is about: another import of the
same people, a member, a field, a group."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from koinonia.common import db
from koinonia.common.testing import probe
from koinonia.messaging.importing import limits, turns

from .import_jobs import (
    PATH,
    command,
    counts,
    ended,
    guessed,
    mapped,
    people,
    sent,
    undone,
    written,
)

HEAD = "name,phone,email,shoes\n"
ROWS = "Ada X,2025550101,a@example.org,38\nBo Y,2025550102,,\nCy Z,2025550103,,41\n"


@pytest.fixture(autouse=True)
def a_row_is_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ROWS_OF_A_PART", 1)


async def begun(api: httpx.AsyncClient, **given: Any) -> Any:
    """An import that makes a field of the shoes."""
    job = await sent(api, HEAD + ROWS)
    columns = guessed(job)
    columns[3] = {"column": 4, "to": "newField", "field": "shoes", "label": "Shoes"}
    await mapped(api, job, columns, **given)
    await command(api, job, "start")
    return job


async def remove_field(api: httpx.AsyncClient) -> None:
    [field] = (await api.get("/api/fields")).json()["data"]
    assert (await api.delete(f"/api/fields/{field['id']}")).status_code == 204


async def test_a_field_that_is_removed_meanwhile_ends_the_import(
    house: Any, api: httpx.AsyncClient, church_id: UUID, database: db.Database
) -> None:
    job = await begun(api)
    assert await turns.take(house)
    await remove_field(api)
    job = await ended(house, api, job)
    assert (job["status"], job["code"], job["counts"]["created"]) == (
        "failed",
        "UNKNOWN_CUSTOM_FIELD",
        1,
    )
    async with database.transaction(church_id) as session:
        left = await probe.rows(session, "SELECT id FROM members WHERE custom <> '{}'", {})
    assert left == []
    assert (await undone(house, api, job))["undo"]["removed"] == 1
    assert await people(api) == {}


async def test_people_are_removed_whose_field_is_gone(house: Any, api: httpx.AsyncClient) -> None:
    job = await begun(api)
    await ended(house, api, job)
    await remove_field(api)
    job = await undone(house, api, job)
    assert (job["undo"]["removed"], job["undo"]["kept"], await people(api)) == (3, 0, {})


async def test_a_check_of_a_new_field_needs_no_field(house: Any, api: httpx.AsyncClient) -> None:
    job = await sent(api, HEAD + ROWS)
    columns = guessed(job)
    columns[3] = {"column": 4, "to": "newField", "field": "shoes"}
    await mapped(api, job, columns)
    await command(api, job, "start", dryRun=True)
    job = await ended(house, api, job)
    assert (job["status"], counts(job)) == ("checked", (3, 0, 0, 0))


async def test_a_group_that_is_removed_meanwhile_ends_the_import(
    house: Any, api: httpx.AsyncClient
) -> None:
    branch = (await api.post("/api/branches", json={"name": "North"})).json()
    body = {"name": "Choir", "branchId": branch["id"]}
    group = (await api.post("/api/groups", json=body)).json()
    job = await begun(api, groupIds=[group["id"]])
    assert await turns.take(house)
    await api.delete(f"/api/groups/{group['id']}")
    job = await ended(house, api, job)
    assert (job["status"], job["counts"]["created"]) == ("failed", 1)
    assert "group" in job["reason"]
    await undone(house, api, job)
    assert await people(api) == {}


async def test_two_imports_of_the_same_people_at_once_make_everybody_once(
    house: Any, api: httpx.AsyncClient
) -> None:
    jobs = []
    for file in (HEAD + ROWS, HEAD.replace("email", "e-mail") + ROWS.replace("a@", "b@")):
        job = await mapped(api, await sent(api, file))
        await command(api, job, "start")
        jobs.append(job)
    first, second = [await ended(house, api, job) for job in jobs]
    assert first["counts"]["created"] + second["counts"]["created"] == 3
    assert {first["counts"]["failed"], second["counts"]["failed"]} == {0}
    assert len(await people(api)) == 3
    assert (await undone(house, api, second))["status"] == "undone"
    assert (await people(api))["Ada"]["email"] == "a@example.org"
    assert (await undone(house, api, first))["undo"]["kept"] == 0
    assert await people(api) == {}


async def test_nobody_undoes_twice(house: Any, api: httpx.AsyncClient) -> None:
    job = await written(house, api, HEAD + ROWS)
    await command(api, job, "undo")
    for _ in range(2):  # while it is undone, and afterwards
        again = await api.post(f"{PATH}/{job['id']}/undo")
        assert (again.status_code, again.json()["error"]["code"]) == (409, "IMPORT_NOT_IN_STATE")
        await turns.work(house)
    assert await people(api) == {}


async def test_who_was_removed_by_hand_does_not_hinder_an_undo(
    house: Any, api: httpx.AsyncClient
) -> None:
    job = await written(house, api, HEAD + ROWS)
    ada = (await people(api))["Ada"]["id"]
    assert (await api.delete(f"/api/members/{ada}")).status_code == 204
    job = await undone(house, api, job)
    assert (job["undo"]["removed"], job["undo"]["kept"], await people(api)) == (2, 0, {})
