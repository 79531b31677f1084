"""Churches that register and admins that sign in, through the routes."""

from typing import Any
from uuid import UUID

import httpx
import orjson

from koinonia.auth import accounts
from koinonia.common import db
from koinonia.common.identity import Identity, TokenVerifier
from koinonia.common.testing import probe

PASSWORD = "correct horse battery"
EMAIL = "ruth@grace.example.org"
TEAM = "/api/auth/team"


def registration(**changes: Any) -> dict[str, Any]:
    return {"churchName": "Grace Chapel", "email": EMAIL, "password": PASSWORD} | changes


async def register(api: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    answer = await api.post("/api/auth/register", json=registration(**changes))
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def login(api: httpx.AsyncClient, **changes: Any) -> httpx.Response:
    return await api.post("/api/auth/login", json={"email": EMAIL, "password": PASSWORD} | changes)


async def renew(api: httpx.AsyncClient, token: str) -> httpx.Response:
    return await api.post("/api/auth/refresh", json={"refreshToken": token})


async def tokens(api: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    """A church that registered as a program does; what it got."""
    body = await register(api, tokens=True, **changes)
    given: dict[str, Any] = body["tokens"]
    return given


async def church(api: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    """A church whose owner works as a program does: what registering answered."""
    return await register(api, tokens=True, **changes)


def as_(signed_in: dict[str, Any]) -> dict[str, str]:
    """The header of somebody who was answered with tokens."""
    return bearing(signed_in["tokens"]["accessToken"])


async def invite(
    api: httpx.AsyncClient, by: dict[str, Any], role: str = "staff", email: str = "", **changes: Any
) -> dict[str, Any]:
    """An open invitation to the church of ``by``."""
    body = {"email": email or f"{role}@{by['church']['id']}.example.org", "role": role} | changes
    answer = await api.post("/api/auth/invitations", json=body, headers=as_(by))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def accept(api: httpx.AsyncClient, token: str, **changes: Any) -> httpx.Response:
    body = {"token": token, "password": PASSWORD, "tokens": True} | changes
    return await api.post("/api/auth/invitations/accept", json=body)


async def join(
    api: httpx.AsyncClient, by: dict[str, Any], role: str = "staff", email: str = "", **names: Any
) -> dict[str, Any]:
    """A colleague of ``by``, signed in: what accepting answered."""
    answer = await accept(api, (await invite(api, by, role, email, **names))["token"])
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def published(database: db.Database) -> list[Any]:
    """What the outbox holds: ``(name, body)`` each, in order."""
    async with database.transaction() as session:
        found = await probe.rows(session, "SELECT name, body FROM outbox ORDER BY position")
    return [(row.name, orjson.loads(row.body)) for row in found]


def bearing(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def identity(api: httpx.AsyncClient, token: str) -> Identity:
    """Who a token says it is, to a service that fetches the keys."""

    async def fetch() -> Any:
        return (await api.get("/.well-known/jwks.json")).json()

    return await TokenVerifier(fetch).verify(token)


async def trail(database: db.Database, church_id: str) -> list[str]:
    """The actions in a church's audit trail, oldest first."""
    async with database.transaction(UUID(church_id)) as session:
        found = await probe.rows(session, "SELECT action FROM audit_entries ORDER BY id")
    return [row.action for row in found]


async def account_of(database: db.Database, email: str = EMAIL) -> accounts.Account:
    async with database.transaction() as session:
        account = await accounts.by_email(session, email)
    assert account is not None
    return account


async def waits_for_locks(database: db.Database, connections: int) -> bool:
    """Whether as many connections wait for another's transaction."""
    async with database.transaction() as session:
        waiting = await probe.rows(
            session,
            "SELECT 1 FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'",
        )
    return len(waiting) == connections


def id_of(signed_in: dict[str, Any]) -> str:
    return str(signed_in["admin"]["id"])
