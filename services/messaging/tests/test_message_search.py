"""Broadcasts by words of their texts: which are found, in which order, and whose."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
import pytest_asyncio

from koinonia.common import clock, db, migrations
from koinonia.common.events.auth import ChurchUpdated
from koinonia.common.identity import Role
from koinonia.common.testing import service
from koinonia.common.testing.databases import Cluster, Databases
from koinonia.common.testing.explain import read
from koinonia.common.testing.secrets import role_password
from koinonia.messaging.program import PROGRAM

from .explained import CHURCH
from .stage import Stage

PATH = "/api/messages"
PARKED, PARKING = "We parked behind the church", "Is there PARKING at the church?"
MUSIC = "🎉 La Oración on Sat/Sun was great"
SEARCHES = {
    "parking": [PARKING, PARKED],
    "PARKED": [PARKING, PARKED],
    "church parking": [PARKING, PARKED],
    "church -behind": [PARKING],
    '"behind the church"': [PARKED],
    '"church behind"': [],
    "oracion or behind": [MUSIC, PARKED],
    "oración": [MUSIC],
    "great orac": [MUSIC],  # begun
    "orac great": [],  # only the last word may be unfinished
    "sun": [MUSIC],
    "arking": [],
}


@pytest_asyncio.fixture
async def written(stage: Stage) -> list[UUID]:
    await stage.members(1)
    return [(await stage.send(text)).id for text in (PARKED, MUSIC, PARKING)]


@pytest_asyncio.fixture
async def staff(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    token = service.token(stage.church_id, Role.STAFF)
    async with service.client(PROGRAM, stage.running, token) as client:
        yield client


async def found(staff: httpx.AsyncClient, search: str, **params: Any) -> list[str]:
    answer = await staff.get(PATH, params={"search": search, **params})
    assert answer.status_code == 200, answer.text
    return [each["content"] for each in answer.json()["data"]]


async def test_words_are_required_excluded_quoted_or_begun(
    staff: httpx.AsyncClient, written: list[UUID]
) -> None:
    assert {each: await found(staff, each) for each in SEARCHES} == SEARCHES


async def test_the_words_are_marked_as_browsers_count(
    staff: httpx.AsyncClient, written: list[UUID]
) -> None:
    [one] = (await staff.get(PATH, params={"search": "great oracion"})).json()["data"]
    units = MUSIC.encode("utf-16-le")
    marked = [units[2 * at["start"] : 2 * at["end"]] for at in one["highlights"]]
    assert [each.decode("utf-16-le") for each in marked] == ["Oración", "great"]
    plain = (await staff.get(PATH)).json()["data"]
    assert not any("highlights" in each for each in plain)


async def test_a_search_holds_together_with_state_and_date(
    stage: Stage, staff: httpx.AsyncClient, written: list[UUID]
) -> None:
    await stage.run("UPDATE messages SET status = 'paused' WHERE id = :id", id=written[2])
    await stage.run(
        "UPDATE messages SET created_at = created_at - interval '2 days' WHERE id = :id",
        id=written[0],
    )
    at = (clock.now() - timedelta(days=1)).isoformat()
    assert await found(staff, "church", status="paused") == [PARKING]
    assert await found(staff, "church", status=["paused", "pending"]) == [PARKING, PARKED]
    assert await found(staff, "church", createdSince=at) == [PARKING]
    assert await found(staff, "church", createdBefore=at) == [PARKED]
    assert await found(staff, "church", createdBefore=at, status="paused") == []


async def test_its_pages_go_on_by_cursor_and_by_number(
    staff: httpx.AsyncClient, written: list[UUID]
) -> None:
    params: dict[str, str | int] = {"search": "church", "limit": 1}
    first = (await staff.get(PATH, params=params)).json()
    rest = (await staff.get(PATH, params=params | {"cursor": first["nextCursor"]})).json()
    second = (await staff.get(PATH, params=params | {"page": 2})).json()
    assert [each["content"] for each in first["data"] + rest["data"]] == [PARKING, PARKED]
    assert (rest["hasMore"], second["data"], second["total"]) == (False, rest["data"], 2)
    before = first["data"][0]["createdAt"]
    goes_on = params | {"cursor": first["nextCursor"], "createdBefore": before}
    assert (await staff.get(PATH, params=goes_on)).json()["data"] == rest["data"]


@pytest.mark.parametrize("search", ["the", "-parking", "?!", " "])
async def test_nothing_to_search_for_says_so(staff: httpx.AsyncClient, search: str) -> None:
    answer = await staff.get(PATH, params={"search": search})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "NO_WORDS_TO_SEARCH_FOR")


@pytest.mark.parametrize("search", ["", "a" * 201])
async def test_a_search_has_a_length(staff: httpx.AsyncClient, search: str) -> None:
    answer = await staff.get(PATH, params={"search": search})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_ERROR")


async def test_nobody_finds_what_another_church_wrote(stage: Stage, written: list[UUID]) -> None:
    token = service.token(db.uuid7(), Role.OWNER)
    async with service.client(PROGRAM, stage.running, token) as stranger:
        assert await found(stranger, "parking") == []


async def test_a_church_s_language_decides_which_words_are_the_same(
    stage: Stage, staff: httpx.AsyncClient
) -> None:
    await stage.members(1)
    await stage.send("¿Cantamos?")
    assert await found(staff, "cantar") == []
    named = ChurchUpdated(
        church_id=stage.church_id, church_name="Iglesia", timezone="UTC", language="spanish"
    )
    await stage.hear(named)
    assert await found(staff, "cantar") == ["¿Cantamos?"]
    await stage.send("Cantaremos")
    assert await found(staff, "cantar") == ["Cantaremos", "¿Cantamos?"]
    await stage.hear(named.model_copy(update={"event_id": db.uuid7(), "language": None}))
    assert await found(staff, "cantar") == ["Cantaremos", "¿Cantamos?"]


async def test_broadcasts_of_before_are_found_too(databases: Databases) -> None:
    await migrations.downgrade(databases.admin_url, "messaging", revision="messaging_0030")
    owner = await asyncpg.connect(databases.admin_url)
    await owner.execute("""
        INSERT INTO messaging.messages (id, church_id, kind, content, target_type, sender, carrier,
                                        total_recipients, pending_count, parts_estimated,
                                        created_by, created_at)
        SELECT gen_random_uuid(), gen_random_uuid(), kind, 'Oración', 'all', '+12025550100',
               'telnyx', 0, 0, 0, gen_random_uuid(), now()
          FROM unnest(ARRAY['broadcast', 'reply']) AS kind
    """)
    await migrations.upgrade(databases.admin_url, "messaging", role_password(databases.admin_url))
    found = await owner.fetch("""
        SELECT kind, words @@ 'oracion' AS has_word
          FROM messaging.broadcast_words AS w JOIN messaging.messages AS m ON m.id = w.message_id
    """)
    await owner.close()
    assert [tuple(each) for each in found] == [("broadcast", True)]


BROADCASTS = 6_000
# As the trigger does, for the church and for another that says the same.
AT_VOLUME = f"""
    SET search_path = messaging;
    INSERT INTO messages (id, church_id, kind, content, target_type, sender, carrier, status,
                          total_recipients, pending_count, parts_estimated, created_by, created_at)
    SELECT gen_random_uuid(), church, 'broadcast', concat_ws(' ', 'We come on',
           CASE WHEN n % 3 = 0 THEN 'sunday' END, CASE WHEN n % 300 = 0 THEN 'casserole' END,
           CASE WHEN n > 4000 THEN 'formerly' END, 'line', n), 'all', '+12025550100', 'telnyx',
           CASE WHEN n % 100 = 0 THEN 'paused' ELSE 'completed' END, 0, 0, 0,
           gen_random_uuid(), now() - n * interval '5 minutes'
      FROM generate_series(1, {BROADCASTS}) AS n,
           unnest(ARRAY['{CHURCH}'::uuid, '{UUID(int=8)}'::uuid]) AS church;
"""
FOUND = {
    ("'sunday'", ""): 21,
    ("'sunday'", "paused"): 20,
    ("'casserol'", ""): 20,
    ("'casserol'", "completed"): 0,
    ("'former'", ""): 21,  # frequent, but long ago
    ("'nonesuch'", ""): 0,
    ("'cass':*", ""): 20,
}
# A state is looked up of each broadcast with the word, three blocks of an index and one of a row.
MOST_BLOCKS = {"": 1_000, "completed": 1_000, "paused": 4 * BROADCASTS // 3}


@pytest_asyncio.fixture(scope="module")
async def at_volume(database_cluster: Cluster) -> AsyncIterator[Databases]:
    async with database_cluster.database(frozenset({"messaging"})) as own:
        owner = await asyncpg.connect(own.admin_url)
        await owner.execute(AT_VOLUME)
        for table in ("messages", "broadcast_words"):
            await owner.execute(f"VACUUM ANALYZE {table}")
        await owner.close()
        yield own


@pytest_asyncio.fixture
async def owner(at_volume: Databases) -> AsyncIterator["asyncpg.Connection[Any]"]:
    """The owner of the tables, in the church."""
    connection = await asyncpg.connect(
        at_volume.admin_url, server_settings={"search_path": "messaging"}
    )
    await connection.execute("SELECT set_config('koinonia.church_id', $1, false)", str(CHURCH))
    yield connection
    await connection.close()


async def test_at_volume_a_search_reads_little_whatever_it_is_for(
    owner: "asyncpg.Connection[Any]",
) -> None:
    for (asked, status), rows in FOUND.items():
        answered, blocks = await read(
            owner,
            """
            SELECT * FROM found_broadcasts(
                $1::text::tsquery, $2, '-infinity', 'infinity', gen_random_uuid(), 21)
            """,
            asked,
            [status] if status else None,
        )
        assert answered == rows, asked
        assert blocks < MOST_BLOCKS[status], asked


async def test_the_newest_and_the_index_together_find_all_and_nothing_else(
    owner: "asyncpg.Connection[Any]",
) -> None:
    for asked, status in FOUND:
        given = (asked, [status] if status else None)
        found = await owner.fetch(
            """
            SELECT id FROM found_broadcasts($1::text::tsquery, $2, now() - interval '30 days',
                                            now() - interval '1 day', gen_random_uuid(), 10000)
            """,
            *given,
        )
        wanted = await owner.fetch(
            """
            SELECT id FROM messages
             WHERE church_id = $3 AND to_tsvector('english', content) @@ $1::text::tsquery
               AND ($2::text[] IS NULL OR status = ANY($2))
               AND created_at >= now() - interval '30 days'
               AND created_at < now() - interval '1 day'
             ORDER BY created_at DESC, id DESC
            """,
            *given,
            CHURCH,
        )
        assert found == wanted, asked
