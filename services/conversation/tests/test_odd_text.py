"""Odd text in requests: half characters, controls, and letters that nobody sees."""

from uuid import UUID

import httpx
import pytest

from koinonia.common.testing import service
from koinonia.common.testing.odd_input import odd_fields, odd_text
from koinonia.conversation.program import PROGRAM


async def test_no_text_in_any_request_is_a_fault_of_ours(api: httpx.AsyncClient) -> None:
    assert await odd_text.broken(api, service.document(PROGRAM)) == []


@pytest.mark.parametrize("name", odd_fields.ODD)
async def test_an_odd_text_in_any_field_is_taken_or_refused(
    api: httpx.AsyncClient, thread_id: UUID, name: str
) -> None:
    there = {"/api/conversations": str(thread_id)}
    sweep = odd_fields.Sweep(api, service.document(PROGRAM), there)
    await sweep.prepare()
    assert await sweep.broken(odd_fields.ODD[name]) == []
