"""Alive is cheap and always true; ready says what is missing."""

import asyncio

import httpx
import pytest

from koinonia.common import web
from koinonia.common.errors import Unavailable
from koinonia.common.web import health


async def fine() -> None:
    return None


async def refused() -> None:
    raise ConnectionRefusedError("postgres://koinonia:hunter2@db.internal")


async def asleep() -> None:
    await asyncio.Event().wait()


async def wordy() -> None:
    raise Unavailable("The broker refuses publishes: its disk is full.")


async def fetch(path: str, **checks: health.Probe) -> httpx.Response:
    app = web.create_app("things", readiness=[web.Check("itself", fine)])
    web.add_checks(app, checks)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://things") as client:
        return await client.get(path)


async def test_alive_asks_nobody() -> None:
    response = await fetch("/health", database=asleep)
    assert (response.status_code, response.json()) == (200, {"status": "ok", "service": "things"})


async def test_ready_when_every_check_passes() -> None:
    response = await fetch("/health/ready", database=fine)
    assert (response.status_code, response.json()["status"]) == (200, "ready")
    assert response.json()["checks"]["database"]["ok"] is True
    assert response.json()["checks"]["itself"]["ms"] >= 0


async def test_not_ready_says_why_without_addresses_or_passwords() -> None:
    response = await fetch("/health/ready", database=refused, broker=wordy)
    checks = response.json()["checks"]
    assert response.status_code == 503
    assert checks["broker"]["reason"] == "The broker refuses publishes: its disk is full."
    assert checks["database"]["reason"] == "It cannot be used (ConnectionRefusedError)."


async def test_checks_that_do_not_answer_are_given_up_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(health, "CHECK_SECONDS", 0.2)
    started = asyncio.get_running_loop().time()
    response = await fetch("/health/ready", database=asleep, broker=asleep, cache=asleep)
    assert asyncio.get_running_loop().time() - started < 0.5
    assert response.json()["checks"]["broker"]["reason"] == "No answer within 0.2 seconds."
