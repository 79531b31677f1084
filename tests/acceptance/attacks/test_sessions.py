"""A3, A8, A18: sessions that ended, roles that were lowered, tabs that renew at one moment."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from tests.integration import churches

from koinonia.devkit.system import System

from .conftest import Founded, Visit

STOPPED_SECONDS = 0.15  # longer than the gateway waits for Redis by its own clock


@pytest.mark.alone("the gateway is stopped again and again")
async def test_a_gateway_that_cannot_keep_up_lets_no_ended_session_in(
    system: System, found: Founded
) -> None:
    church, gateway = await found(), system.running("gateway")
    assert gateway
    assert (await church.api.post("/api/auth/logout")).status_code == 204
    async with _stumbling(gateway.pid):
        answers = [await church.api.get("/api/members") for _ in range(20)]
    assert [answer.status_code for answer in answers] == [401] * 20


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/phone-numbers", {"areaCode": "808"}),
        ("GET", "/api/consents/export", None),
        ("POST", "/api/auth/invitations", {"email": "n@example.org", "role": "staff"}),
        ("POST", "/api/messages/send", {"content": "Hi", "targetType": "all"}),
        ("DELETE", "/api/phone-numbers/00000000-0000-0000-0000-000000000007", None),
        ("PATCH", "/api/auth/church", {"name": "Mine"}),
    ],
)
async def test_who_is_made_a_viewer_does_nothing_more_with_the_old_token(
    found: Founded, address: str, method: str, path: str, body: dict[str, str] | None
) -> None:
    church = await found()
    async with churches.colleague(church, "admin", address) as naomi:
        assert (await naomi.api.get("/api/consents/export")).status_code == 200
        person = f"/api/auth/team/{naomi.account['admin']['id']}"
        assert (await church.api.patch(person, json={"role": "viewer"})).status_code == 200
        answer = await naomi.api.request(method, path, json=body)
        assert (answer.status_code, _code(answer)) == (401, "TOKEN_EXPIRED")
        token = {"refreshToken": naomi.account["tokens"]["refreshToken"]}
        renewed = await naomi.api.post("/api/auth/refresh", json=token)
        assert renewed.status_code == 200
        bearer = {"Authorization": f"Bearer {renewed.json()['tokens']['accessToken']}"}
        assert (await naomi.api.request(method, path, json=body, headers=bearer)).status_code == 403


async def test_two_tabs_that_renew_at_one_moment_both_go_on(visit: Visit) -> None:
    browser = visit()
    email = "tabs@example.org"
    body = churches.registration("Two tabs", email)
    assert (await browser.post("/api/auth/register", json=body)).status_code == 201
    other = visit()
    other.cookies.update(browser.cookies)
    both = await asyncio.gather(*(tab.post("/api/auth/refresh") for tab in (browser, other)))
    assert [answer.status_code for answer in both] == [200, 200]
    assert browser.cookies["koinonia_refresh"] == other.cookies["koinonia_refresh"]
    for tab in (browser, other):
        assert (await tab.get("/api/auth/me")).status_code == 200
        assert (await tab.post("/api/auth/refresh")).status_code == 200


@asynccontextmanager
async def _stumbling(pid: int) -> AsyncIterator[None]:
    """A process that stands still most of the time, as under a load that is too much for it."""

    async def stumble() -> None:
        try:
            while True:
                os.kill(pid, signal.SIGSTOP)
                await asyncio.sleep(STOPPED_SECONDS)  # how long is what this is about
                os.kill(pid, signal.SIGCONT)
                await asyncio.sleep(0.02)  # enough to begin something
        finally:
            os.kill(pid, signal.SIGCONT)

    stumbling = asyncio.create_task(stumble())
    try:
        yield
    finally:
        stumbling.cancel()
        await asyncio.wait([stumbling])


def _code(answer: httpx.Response) -> str:
    return str(answer.json()["error"]["code"])
