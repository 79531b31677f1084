"""``koinonia accounts`` as an operator runs it, and what the church's trail says of it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import httpx
import pytest
from typer.testing import CliRunner

from koinonia.auth.recovery import password_reset
from koinonia.auth.running import Running
from koinonia.auth.settings import Settings
from koinonia.common import db, operators
from koinonia.common.testing import probe

from . import factories

Koinonia = Callable[..., Awaitable[Any]]


@pytest.fixture
def koinonia(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Koinonia:
    """The command as a shell would run it, in the environment of ``settings``."""
    command = operators.build()
    monkeypatch.setenv("KOINONIA_OPERATOR", "ada")

    async def run(*arguments: str) -> Any:
        return await asyncio.to_thread(CliRunner().invoke, command, ["accounts", *arguments])

    return run


async def by_operators(database: db.Database, body: Any) -> list[tuple[str, str, str]]:
    """What the trail has of operators: the action, the name, whose account."""
    async with database.transaction(UUID(body["church"]["id"])) as session:
        found = await probe.rows(
            session, "SELECT * FROM audit_entries WHERE actor = 'operator' ORDER BY at, id"
        )
    return [(each.action, each.actor_name, str(each.thing_id)) for each in found]


async def test_an_account_is_found_by_its_address_and_those_of_a_church_by_its_id(
    koinonia: Koinonia, api: httpx.AsyncClient, database: db.Database
) -> None:
    ruth = await factories.church(api)
    await factories.join(api, ruth, "staff", "naomi@example.org")
    found = await koinonia("find", factories.EMAIL)
    assert found.exit_code == 0, found.output
    assert factories.EMAIL in found.output
    assert "naomi@example.org" not in found.output
    found = await koinonia("find", ruth["church"]["id"])
    assert {"owner", "staff"} <= set(found.output.split())
    assert [each[:2] for each in await by_operators(database, ruth)] == [
        ("operator.searched", "ada")
    ] * 2


@pytest.mark.parametrize("who", ["nobody@example.org", str(UUID(int=7)), "Grace"])
async def test_who_is_not_there_is_not_found(koinonia: Koinonia, who: str) -> None:
    found = await koinonia("find", who)
    assert found.exit_code == 1
    assert "Traceback" not in found.output


async def test_nobody_acts_without_a_name(
    koinonia: Koinonia, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await factories.church(api)
    monkeypatch.delenv("KOINONIA_OPERATOR")
    assert (await koinonia("verify", factories.EMAIL)).exit_code == 2
    assert (await koinonia("verify", factories.EMAIL, "--by", "ada")).exit_code == 0


async def test_a_link_is_mailed_and_shown_to_nobody(
    koinonia: Koinonia, api: httpx.AsyncClient, running: Running, caplog: Any
) -> None:
    ruth = await factories.church(api)
    done = await koinonia("reset-link", factories.EMAIL)
    assert done.exit_code == 0, done.output
    await password_reset.answer_requests(running)
    async with running.database.transaction() as session:
        mailed = await probe.rows(
            session, "SELECT kind FROM mails WHERE kind = 'password_reset' AND state = 'waiting'"
        )
    assert len(mailed) == 1
    assert "#" not in done.output + caplog.text
    assert [each[0] for each in await by_operators(running.database, ruth)] == [
        "operator.reset_mailed"
    ]


async def test_somebody_is_signed_out_everywhere(
    koinonia: Koinonia, api: httpx.AsyncClient, database: db.Database
) -> None:
    ruth = await factories.church(api)
    await factories.login(api)
    done = await koinonia("end-sessions", factories.EMAIL)
    assert done.exit_code == 0, done.output
    assert (await api.get("/api/auth/me", headers=factories.as_(ruth))).status_code == 401
    assert "session.ended" in [name for name, _ in await factories.published(database)]
    assert await by_operators(database, ruth) == [
        ("operator.sessions_ended", "ada", ruth["admin"]["id"])
    ]
