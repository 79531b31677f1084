"""A request is one transaction of the church in its token, over before the answer leaves."""

import os
from collections.abc import AsyncIterator, Mapping
from types import SimpleNamespace
from typing import Annotated, Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import APIRouter, Body
from sqlalchemy import text
from structlog.testing import capture_logs

from koinonia.common import db, web
from koinonia.common.errors import Conflict
from koinonia.common.identity import Identity, Role, TokenSigner, TokenVerifier

SIGNER = TokenSigner(os.urandom(32), "first")
ADD = text("INSERT INTO effects VALUES (:id)")
router = APIRouter()


@router.get("/me")
async def me(admin: web.CurrentAdmin) -> str:
    return f"{admin.role} {admin.church_id}"


@router.get("/admins-only")
async def admins_only(admin: web.OwnerOrAdmin) -> str:
    return admin.role


@router.get("/pages")
async def pages(page: web.PageQuery, status: str = "all") -> list[int | str | None]:
    return [page.limit, page.page, page.cursor, status]


@router.post("/effects/{effect}")
async def add_effect(effect: UUID, session: web.SessionDep) -> str:
    await session.execute(ADD, {"id": effect})
    return str(await session.scalar(text("SELECT current_setting('koinonia.church_id')")))


@router.post("/conflicts/{effect}")
async def add_effect_and_fail(effect: UUID, session: web.SessionDep) -> None:
    await session.execute(ADD, {"id": effect})
    raise Conflict


@router.post("/replica/{effect}")
async def write_on_the_replica(effect: UUID, session: web.ReplicaSessionDep) -> None:
    await session.execute(ADD, {"id": effect})


@router.post("/echo")
async def echo(said: str, session: web.SessionDep) -> str:
    return str(await session.scalar(text("SELECT CAST(:said AS text)"), {"said": said}))


@router.post("/echo-body")
async def echo_body(said: Annotated[str, Body()], session: web.SessionDep) -> str:
    return str(await session.scalar(text("SELECT CAST(:said AS text)"), {"said": said}))


@router.post("/cut")
async def cut_the_connection(session: web.SessionDep) -> None:
    await session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))


async def published_keys() -> Mapping[str, Any]:
    return {"keys": [SIGNER.jwk]}


def headers(role: Role = Role.STAFF, church_id: UUID | None = None) -> dict[str, str]:
    token = SIGNER.sign(Identity(uuid4(), church_id or uuid4(), role, uuid4()))
    return {"Authorization": f"Bearer {token}"}


def client_of(**running: object) -> httpx.AsyncClient:
    app = web.create_app("effects", routers=[router])
    app.state.running = SimpleNamespace(verifier=TokenVerifier(published_keys), **running)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://effects")


@pytest.fixture
async def client(sample: db.Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(database=sample, replica=sample) as opened:
        yield opened


@pytest.fixture
async def anonymous() -> AsyncIterator[httpx.AsyncClient]:
    async with client_of() as opened:
        yield opened


async def count(database: db.Database) -> int:
    async with database.transaction() as session:
        return int(await session.scalar(text("SELECT count(*) FROM effects")) or 0)


async def test_the_token_says_who_asks(anonymous: httpx.AsyncClient) -> None:
    church_id = uuid4()
    response = await anonymous.get("/me", headers=headers(Role.OWNER, church_id))
    assert response.json() == f"owner {church_id}"


async def test_without_a_token_it_is_401_in_the_form_of_all_errors(
    anonymous: httpx.AsyncClient,
) -> None:
    response = await anonymous.get("/me")
    assert (response.status_code, response.json()["error"]["code"]) == (401, "UNAUTHORIZED")


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.OWNER, 200), (Role.ADMIN, 200), (Role.STAFF, 403), (Role.VIEWER, 403)],
)
async def test_a_route_for_admins_is_open_to_them_and_those_above(
    anonymous: httpx.AsyncClient, role: Role, status: int
) -> None:
    assert (await anonymous.get("/admins-only", headers=headers(role))).status_code == status


async def test_a_page_is_asked_for_beside_other_filters(anonymous: httpx.AsyncClient) -> None:
    response = await anonymous.get("/pages?limit=5&page=2&status=open")
    assert response.json() == [5, 2, None, "open"]


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "limit=101", "page=2&cursor=abc"])
async def test_a_page_that_cannot_be_is_400(anonymous: httpx.AsyncClient, query: str) -> None:
    response = await anonymous.get(f"/pages?{query}")
    assert (response.status_code, response.json()["error"]["code"]) == (400, "VALIDATION_ERROR")


async def test_a_request_sees_its_own_church_and_commits(
    client: httpx.AsyncClient, sample: db.Database
) -> None:
    church_id = uuid4()
    response = await client.post(f"/effects/{uuid4()}", headers=headers(church_id=church_id))
    assert (response.json(), await count(sample)) == (str(church_id), 1)


async def test_an_error_rolls_everything_back(
    client: httpx.AsyncClient, sample: db.Database
) -> None:
    response = await client.post(f"/conflicts/{uuid4()}", headers=headers())
    assert (response.status_code, await count(sample)) == (409, 0)


async def test_a_commit_that_fails_is_never_answered_with_200(
    client: httpx.AsyncClient, sample: db.Database
) -> None:
    async with sample.transaction() as session:
        await session.execute(
            text("ALTER TABLE effects ADD UNIQUE (event_id) DEFERRABLE INITIALLY DEFERRED")
        )
    effect = uuid4()
    first = await client.post(f"/effects/{effect}", headers=headers())
    with capture_logs():
        second = await client.post(f"/effects/{effect}", headers=headers())
    assert (first.status_code, second.status_code) == (200, 500)
    assert await count(sample) == 1


async def test_the_replica_is_only_read(client: httpx.AsyncClient, sample: db.Database) -> None:
    with capture_logs():
        response = await client.post(f"/replica/{uuid4()}", headers=headers())
    assert (response.status_code, await count(sample)) == (500, 0)


async def test_text_that_the_database_cannot_hold_is_the_callers_fault(
    client: httpx.AsyncClient,
) -> None:
    response = await client.post("/echo?said=%00", headers=headers())
    assert (response.status_code, response.json()["error"]["code"]) == (400, "VALIDATION_ERROR")


async def test_half_a_character_is_the_clients_mistake(client: httpx.AsyncClient) -> None:
    said = {"content": b'"\\ud83d"', "headers": headers() | {"Content-Type": "application/json"}}
    response = await client.post("/echo-body", **said)  # type: ignore[arg-type]
    assert (response.status_code, response.json()["error"]["code"]) == (400, "VALIDATION_ERROR")


async def test_a_database_that_went_away_is_503_and_the_next_request_works(
    client: httpx.AsyncClient,
) -> None:
    cut = await client.post("/cut", headers=headers())
    after = await client.post("/echo?said=hello", headers=headers())
    assert (cut.status_code, after.json()) == (503, "hello")
