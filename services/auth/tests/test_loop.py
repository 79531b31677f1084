"""No request holds the event loop for more than a tenth of a second."""

import httpx
import pytest

from koinonia.auth.program import PROGRAM
from koinonia.common.testing import heavy_requests, loop_steps, service

from .factories import EMAIL, login, register


async def test_no_request_is_too_heavy(api: httpx.AsyncClient) -> None:
    assert await heavy_requests.holding(api, service.document(PROGRAM)) == []


@pytest.mark.parametrize("password", ["wrong", "x" * 200_000, "correct horse battery"])
async def test_no_password_holds_the_loop(api: httpx.AsyncClient, password: str) -> None:
    async with loop_steps.held_briefly():
        await register(api)
    async with loop_steps.held_briefly():
        answer = await login(api, email=EMAIL, password=password)
    assert answer.status_code < 500
