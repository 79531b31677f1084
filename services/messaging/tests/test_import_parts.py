"""An import in parts is the same as one in a piece, and no death of a worker writes a row twice."""

import random
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from koinonia.common import clock, db
from koinonia.common.testing import probe
from koinonia.messaging.importing import jobs, limits, turns

from .conftest import Client
from .import_jobs import PATH, command, counts, ended, guessed, mapped, sent, undone, written

HEAD = "firstName,lastName,phone,email,size,groups\n"
COLUMNS = ("firstName", "lastName", "phone", "email", "fields", "consent")


class Killed(BaseException):
    """As hard as a signal: nothing of ours catches it."""


def rows(seed: int) -> list[str]:
    """Some people, most of them in several rows that say different things."""
    chance = random.Random(seed)
    return [
        f"{chance.choice(('Ada', 'Bo', 'Cy'))},X,202555010{chance.randrange(3)},"
        f"{chance.choice(('', 'a@example.org', 'b@example.org'))},"
        f"{chance.choice(('', '38', '40'))},{chance.choice(('', 'Choir', 'Youth'))}\n"
        for _ in range(14)
    ]


async def everybody(api: httpx.AsyncClient) -> list[Any]:
    listed = (await api.get("/api/members", params={"limit": 100})).json()["data"]
    shown = [
        [each[name] for name in COLUMNS] + [sorted(group["name"] for group in each["groups"])]
        for each in listed
    ]
    return sorted(shown, key=str)


async def new_size(api: httpx.AsyncClient, content: str) -> Any:
    job = await sent(api, content)
    columns = guessed(job)
    if columns[4]["to"] == "leftOut":
        columns[4] = {"column": 5, "to": "newField", "field": "size"}
    return await mapped(api, job, columns)


@pytest.mark.parametrize("seed", range(6))
async def test_where_the_parts_end_does_not_matter(
    house: Any,
    client: Client,
    church_id: UUID,
    other_church_id: UUID,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
) -> None:
    content = HEAD + "".join(rows(seed))
    found = []
    for church, size in ((church_id, 500), (other_church_id, 1 + seed % 3)):
        monkeypatch.setattr(limits, "ROWS_OF_A_PART", size)
        api = client(church)
        job = await new_size(api, content)
        await command(api, job, "start")
        job = await ended(house, api, job)
        found.append((await everybody(api), counts(job)[0], counts(job)[3]))
        await undone(house, api, job)
        assert await everybody(api) == []
    assert found[0] == found[1]


@pytest.mark.parametrize("seed", range(3))
async def test_a_worker_that_dies_anywhere_writes_no_row_twice(
    house: Any, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(limits, "ROWS_OF_A_PART", 2)
    chance = random.Random(seed)
    real = jobs.advance

    async def advance(*given: Any) -> None:
        await real(*given)
        if chance.random() < 0.5:
            raise Killed

    job = await new_size(api, HEAD + "".join(rows(seed)))
    await command(api, job, "start")
    monkeypatch.setattr(jobs, "advance", advance)
    done = await until_it_ends(house, api, job)
    assert sum(counts(done)) == 14
    assert counts(done)[0] == len(await everybody(api))
    await command(api, job, "undo")
    done = await until_it_ends(house, api, job)
    assert (done["undo"]["removed"], await everybody(api)) == (counts(done)[0], [])


async def until_it_ends(house: Any, api: httpx.AsyncClient, job: Any) -> Any:
    for _ in range(100):
        try:
            await turns.work(house)
        except Killed:
            continue
        break
    return (await api.get(f"{PATH}/{job['id']}")).json()


async def test_a_worker_that_is_to_stop_begins_no_part(
    house: Any, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ROWS_OF_A_PART", 1)
    job = await mapped(api, await sent(api, "name,phone\nAda X,2025550101\nBo Y,2025550102\n"))
    await command(api, job, "start")
    house.stop.set()
    try:
        await turns.work(house)
    finally:
        house.stop.clear()
    assert (await api.get(f"{PATH}/{job['id']}")).json()["rowsDone"] == 0
    assert (await ended(house, api, job))["rowsDone"] == 2


async def test_what_is_kept_is_forgotten_after_30_days(
    house: Any, api: httpx.AsyncClient, church_id: UUID, database: db.Database
) -> None:
    job = await written(house, api, "name,phone\nAda X,2025550101\n")
    with clock.freeze(clock.now() + limits.KEPT - timedelta(hours=1)):
        await turns.work(house)
    assert (await api.get(f"{PATH}/{job['id']}")).status_code == 200
    with clock.freeze(clock.now() + limits.KEPT + timedelta(hours=1)):
        await turns.work(house)
    assert (await api.get(f"{PATH}/{job['id']}")).status_code == 404
    async with database.transaction(church_id) as session:
        left = await probe.rows(
            session, "SELECT 1 FROM import_parts UNION ALL SELECT 1 FROM import_people", {}
        )
    assert left == []
    assert len(await everybody(api)) == 1


async def test_a_file_that_is_removed_leaves_the_people(house: Any, api: httpx.AsyncClient) -> None:
    job = await written(house, api, "name,phone\nAda X,2025550101\n")
    assert (await api.delete(f"{PATH}/{job['id']}")).status_code == 204
    assert (await api.get(PATH)).json()["data"] == []
    assert len(await everybody(api)) == 1


async def test_only_so_many_files_are_kept(
    api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_JOBS", 1)
    await sent(api, "name,phone\nAda X,2025550101\n")
    answer = await api.post(PATH, files={"files": ("a.csv", b"name,phone\nAda X,2025550101\n")})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "TOO_MANY_IMPORTS")
