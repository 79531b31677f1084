"""Odd text in requests: half characters, controls, and letters that nobody sees."""

import httpx

from koinonia.auth.program import PROGRAM
from koinonia.common.testing import odd_text


async def test_no_text_in_any_request_is_a_fault_of_ours(api: httpx.AsyncClient) -> None:
    assert await odd_text.broken(api, PROGRAM.create_app().openapi()) == []
