"""Odd text in requests: half characters, controls, and letters that nobody sees."""

import httpx
import pytest

from koinonia.auth.program import PROGRAM
from koinonia.common.testing import service
from koinonia.common.testing.odd_input import odd_fields, odd_text

from . import factories

OUT = frozenset(["/api/auth/logout", "/api/auth/refresh"])  # whoever signed out asks no more


async def test_no_text_in_any_request_is_a_fault_of_ours(api: httpx.AsyncClient) -> None:
    assert await odd_text.broken(api, service.document(PROGRAM)) == []


@pytest.mark.parametrize("name", odd_fields.ODD)
async def test_an_odd_text_in_any_field_is_taken_or_refused(
    api: httpx.AsyncClient, name: str
) -> None:
    await factories.register(api)
    sweep = odd_fields.Sweep(api, service.document(PROGRAM), left_out=OUT)
    await sweep.prepare()
    assert await sweep.broken(odd_fields.ODD[name]) == []
