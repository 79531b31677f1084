"""What a stranger gets who registers, on a system where operators verify addresses."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from typer.testing import CliRunner

from koinonia.common import operators
from koinonia.common.testing.databases import role_url
from koinonia.common.testing.servers import Servers
from koinonia.devkit.system import System

from .churches import Church, registered
from .conftest import whole_system

Koinonia = Callable[..., Awaitable[Any]]
SETTINGS = {
    "KOINONIA_ADDRESSES_VERIFIED_BY": "operator",
    "KOINONIA_TRIAL_ALLOWANCE_PARTS": "",  # what the plan says
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def strict(
    servers: Servers, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[System]:
    folder: Path = tmp_path_factory.mktemp("strict")
    async with whole_system(servers, folder, given=SETTINGS) as running:
        yield running


@pytest.fixture
def koinonia(strict: System, monkeypatch: pytest.MonkeyPatch) -> Koinonia:
    """The operators' command in the environment of auth."""
    url = role_url(strict.environment.database_url, "auth")
    monkeypatch.setenv("KOINONIA_DATABASE_URL", url)
    command = operators.build()

    async def run(*arguments: str) -> Any:
        return await asyncio.to_thread(CliRunner().invoke, command, list(arguments))

    return run


async def order(church: Church) -> httpx.Response:
    return await church.api.post("/api/phone-numbers", json={"areaCode": "808"})


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def test_a_stranger_gets_a_number_once_an_operator_knows_them_and_no_second_one(
    strict: System, koinonia: Koinonia
) -> None:
    async with registered(strict.gateway_url) as church:
        await church.bring(2)
        greeting = {"content": "Hello", "targetType": "all"}
        refused = [await order(church), await church.api.post("/api/messages/send", json=greeting)]
        assert [code(answer) for answer in refused] == [(403, "ADDRESS_NOT_VERIFIED")] * 2
        assert not (await church.get("/api/auth/me"))["church"]["isVerified"]
        listed = await koinonia("churches", "waiting")
        assert (listed.exit_code, church.id in listed.output) == (1, True)

        assert (await koinonia("churches", "verify", church.email)).exit_code == 0

        await church.order_number()
        assert (await church.get("/api/auth/me"))["church"]["isVerified"]
        assert code(await order(church)) == (409, "NUMBER_LIMIT_REACHED")
        usage = await church.get("/api/billing/usage")
        assert (usage["allowance"], usage["numberLimit"]) == (100, 1)
        message = await church.settled((await church.send("Hello"))["id"])
        assert message["status"] == "completed"
