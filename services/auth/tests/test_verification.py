"""A church is verified when a mail address of an owner is known to be theirs."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import httpx
import pytest
from typer.testing import CliRunner

from koinonia.auth import verification
from koinonia.auth.running import Running
from koinonia.auth.settings import Settings
from koinonia.common import db, migrations, operators
from koinonia.common.testing import probe
from koinonia.common.testing.databases import Databases
from koinonia.common.testing.secrets import role_password

from . import factories

Koinonia = Callable[..., Awaitable[Any]]


@pytest.fixture
def koinonia(settings: Settings) -> Koinonia:
    """`koinonia churches` as a shell would run it, in the environment of ``settings``."""
    command = operators.build()

    async def run(*arguments: str) -> Any:
        return await asyncio.to_thread(CliRunner().invoke, command, ["churches", *arguments])

    return run


async def is_verified(api: httpx.AsyncClient, church: dict[str, Any]) -> bool:
    answer = await api.get("/api/auth/me", headers=factories.as_(church))
    return bool(answer.json()["church"]["isVerified"])


async def told(database: db.Database) -> list[dict[str, Any]]:
    """The events by which churches were said to be verified."""
    return [body for name, body in await factories.published(database) if name == "church.verified"]


async def test_a_church_that_registers_waits_to_be_verified(
    api: httpx.AsyncClient, database: db.Database, koinonia: Koinonia
) -> None:
    church = await factories.church(api)
    listed = await koinonia("waiting")
    assert (await is_verified(api, church), await told(database)) == (False, [])
    assert (listed.exit_code, church["church"]["id"] in listed.output) == (1, True)
    assert "Grace Chapel" in listed.output
    assert factories.EMAIL in listed.output


async def test_an_operator_verifies_the_address_of_an_owner(
    api: httpx.AsyncClient, database: db.Database, koinonia: Koinonia
) -> None:
    church = await factories.church(api)
    verified = await koinonia("verify", factories.EMAIL.upper())
    assert (verified.exit_code, "is verified" in verified.output) == (0, True)
    assert await is_verified(api, church)
    [event] = await told(database)
    assert (event["churchId"], event["adminId"]) == (church["church"]["id"], church["admin"]["id"])
    assert (await factories.trail(database, church["church"]["id"]))[-1] == "church.verified"
    assert (await koinonia("waiting")).exit_code == 0


async def test_a_church_is_verified_once(
    api: httpx.AsyncClient, database: db.Database, koinonia: Koinonia
) -> None:
    church = await factories.church(api)
    church_id, admin_id = UUID(church["church"]["id"]), UUID(church["admin"]["id"])

    async def record() -> bool:
        async with database.transaction(church_id) as session:
            return await verification.record(session, church_id, admin_id)

    assert sorted(await asyncio.gather(*(record() for _ in range(5)))) == [False] * 4 + [True]
    again = await koinonia("verify", factories.EMAIL)
    assert (again.exit_code, "was verified before" in again.output) == (0, True)
    assert len(await told(database)) == 1


async def test_a_dry_run_verifies_nobody(
    api: httpx.AsyncClient, database: db.Database, koinonia: Koinonia
) -> None:
    church = await factories.church(api)
    rehearsed = await koinonia("verify", factories.EMAIL, "--dry-run")
    assert (rehearsed.exit_code, "would be verified" in rehearsed.output) == (0, True)
    assert (await is_verified(api, church), await told(database)) == (False, [])


async def test_only_the_address_of_an_owner_verifies_a_church(
    api: httpx.AsyncClient, database: db.Database, koinonia: Koinonia
) -> None:
    church = await factories.church(api)
    await factories.join(api, church, "admin", "naomi@example.org")
    refused = [
        await koinonia("verify", address)
        for address in ("naomi@example.org", "nobody@example.org", "no address")
    ]
    assert [answer.exit_code for answer in refused] == [1, 1, 2]
    assert "does not own" in refused[0].output
    assert "Nobody signs in" in refused[1].output
    assert await told(database) == []


async def test_a_colleague_sees_that_the_church_is_verified(
    api: httpx.AsyncClient, koinonia: Koinonia
) -> None:
    church = await factories.church(api)
    await koinonia("verify", factories.EMAIL)
    joined = await factories.join(api, church, "viewer")
    shown = await api.get("/api/auth/church", headers=factories.as_(joined))
    assert (joined["church"]["isVerified"], shown.json()["isVerified"]) == (True, True)


async def test_where_registration_counts_nobody_waits(
    api: httpx.AsyncClient, running: Running, database: db.Database, koinonia: Koinonia
) -> None:
    believes = {"addresses_verified_by": "registration"}
    running.settings = running.settings.model_copy(update=believes)
    church = await factories.church(api)
    [event] = await told(database)
    assert (church["church"]["isVerified"], await is_verified(api, church)) == (True, True)
    assert event["adminId"] == church["admin"]["id"]
    assert (await koinonia("waiting")).exit_code == 0


async def test_nobody_verifies_their_own_church(
    api: httpx.AsyncClient, database: db.Database
) -> None:
    church = await factories.church(api)
    refused = await api.patch(
        "/api/auth/church",
        json={"name": "Hope", "isVerified": True, "verifiedAt": "2026-11-30T12:00:00Z"},
        headers=factories.as_(church),
    )
    assert refused.json()["error"]["code"] == "UNKNOWN_FIELD"
    assert (await is_verified(api, church), await told(database)) == (False, [])


async def test_churches_from_before_count_as_verified_and_listeners_are_told(
    databases: Databases, api: httpx.AsyncClient, database: db.Database
) -> None:
    church = await factories.church(api)
    url = databases.admin_url
    await migrations.downgrade(url, "auth", revision="auth_0004")
    await migrations.upgrade(url, "auth", role_password(url))
    assert await is_verified(api, church)
    [event] = await told(database)
    assert event["churchId"] == church["church"]["id"]
    async with database.transaction(UUID(event["churchId"])) as session:
        assert await probe.rows(session, "SELECT 1 FROM unverified_churches") == []
