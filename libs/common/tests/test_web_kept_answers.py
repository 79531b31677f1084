"""A service says how its answers may be kept, and of which it could not say that they changed."""

from collections.abc import AsyncIterator
from types import SimpleNamespace
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from fastapi import APIRouter
from pydantic import BaseModel

from koinonia.common import db, web
from koinonia.common.cache import Cache
from koinonia.common.identity import TokenVerifier
from koinonia.common.testing import service
from koinonia.common.testing.databases import Databases
from koinonia.common.testing.servers.ports import free_port
from koinonia.common.web.keeping import kept_answers
from koinonia.common.web.keeping.kept_answers import KEPT, UNSAID, KeptFor

router = APIRouter(prefix="/api/things")


class Thing(BaseModel):
    said: str


@router.get("", dependencies=web.kept("things:{church}", tables=("pens", "inks")))
async def shared() -> Thing:
    return Thing(said="yes")


@router.get("/own", dependencies=web.kept("own:{admin}", whose=KeptFor.ADMIN, seconds=5))
async def own() -> Thing:
    return Thing(said="yes")


@router.post("", dependencies=web.TAGGED)
async def change() -> Thing:
    return Thing(said="changed")


async def _keys() -> dict[str, object]:
    return {"keys": [service.SIGNER.jwk]}


@pytest_asyncio.fixture
async def cache(redis_url: str) -> AsyncIterator[Cache]:
    opened = Cache(redis_url, "things")
    yield opened
    await opened.close()


@pytest_asyncio.fixture
async def client(cache: Cache) -> AsyncIterator[httpx.AsyncClient]:
    app = web.create_app("things", routers=[router])
    app.state.running = SimpleNamespace(cache=cache, verifier=TokenVerifier(_keys))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://things"
    ) as opened:
        yield opened


def caller(church: UUID) -> dict[str, str]:
    return {"Authorization": f"Bearer {service.token(church)}"}


async def test_an_answer_names_its_tags_for_how_long_and_for_whom(
    client: httpx.AsyncClient,
) -> None:
    mine = caller(db.uuid7())
    said = [(await client.get(path, headers=mine)).headers[KEPT.decode()] for path in PATHS]
    first, second = map(kept_answers.parsed, said)
    assert first.token_keys == (
        "things:t:things:{church}",
        "things:t:rows:{church}:pens",
        "things:t:rows:{church}:inks",
    )
    assert (first.whose, first.seconds) == (KeptFor.CHURCH, kept_answers.SECONDS)
    assert (second.whose, second.seconds) == (KeptFor.ADMIN, 5)
    assert UNSAID.decode() not in (await client.get(PATHS[0], headers=mine)).headers


PATHS = ("/api/things", "/api/things/own")


async def test_only_a_shared_answer_has_one_tag_for_all_of_a_church(
    client: httpx.AsyncClient,
) -> None:
    church = db.uuid7()
    for path, number in zip(PATHS, (1, 2), strict=True):
        answers = [await client.get(path, headers=caller(church)) for _ in range(2)]
        assert len({each.headers["etag"] for each in answers}) == number


async def test_an_answer_says_which_changes_redis_does_not_know(client: httpx.AsyncClient) -> None:
    away = Cache(f"redis://127.0.0.1:{free_port()}/0", "things")
    app = client._transport.app  # type: ignore[attr-defined]
    app.state.running.cache = away
    await away.invalidate("a")
    await away.invalidate("b")
    answer = await client.post("/api/things", headers=caller(db.uuid7()))
    assert answer.headers[UNSAID.decode()] == "things:t:a things:t:b"
    await away.close()


async def test_what_another_process_could_not_say_is_handed_on(cache: Cache) -> None:
    values = iter("ab")

    async def compute() -> str:
        return next(values)

    async def read() -> object:
        return await cache.fetch("k", compute, ttl=60, tags=("a",))

    assert [await read(), await read()] == ["a", "a"]
    await cache.hand_on([cache.token_key("a")])
    assert await read() == "b"
    assert cache.unsaid == ()


@pytest.mark.parametrize(
    ("sql", "is_told"),
    [
        ("INSERT INTO pens (church_id) VALUES (:church)", True),
        ("UPDATE pens SET church_id = church_id", True),
        ("WITH gone AS (DELETE FROM pens RETURNING 1) SELECT count(*) FROM gone", True),
        ("SELECT count(*) FROM pens", False),
        ("INSERT INTO other (church_id) VALUES (:church)", False),
    ],
)
async def test_a_transaction_that_writes_a_watched_table_says_so_once_it_has_committed(
    pens: db.Database, sql: str, is_told: bool
) -> None:
    church, told = db.uuid7(), list[object]()

    async def written(church_id: UUID, tables: object) -> None:
        told.append((church_id, tables))

    pens.watch(("pens",), written)
    async with pens.transaction(church) as session:
        await db.run(session, sql, {"church": church} if ":church" in sql else {})
        assert told == []
    assert told == ([(church, {"pens"})] if is_told else [])


async def test_a_transaction_that_failed_says_nothing(pens: db.Database) -> None:
    told = list[object]()

    async def written(church_id: UUID, tables: object) -> None:
        told.append(church_id)

    pens.watch(("pens",), written)

    async def fail() -> None:
        async with pens.transaction(db.uuid7()) as session:
            await db.run(session, "UPDATE pens SET church_id = church_id")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert told == []


@pytest_asyncio.fixture
async def pens(databases: Databases) -> AsyncIterator[db.Database]:
    opened = db.Database(databases.admin_url, pool_size=1)
    async with opened.transaction() as session:
        for table in ("pens", "other"):
            await db.run(session, f"CREATE TABLE {table} (church_id uuid)")
    yield opened
    await opened.close()
