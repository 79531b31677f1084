"""A11: what was begun when the attacks began, and never went on. What the logs hold of it all."""

import asyncio
import re

import pytest
from tests.integration.churches import PASSWORD

from koinonia.devkit.layout import CARRIER
from koinonia.devkit.system import System

from .bystanders import LONGEST_SECONDS, working
from .conftest import Founded
from .wires import Half

PATIENCE_SECONDS = 30.0
PRIVATE = re.compile(
    rf"(?<![0-9a-f-])(\+?1)?\d{{3}}55501\d\d(?![0-9a-f])|{PASSWORD}|service on Sunday"
)


@pytest.mark.timeout(PATIENCE_SECONDS + 15)
async def test_half_a_request_ends_within_seconds(halves: list[Half], found: Founded) -> None:
    async with working(await found()) as waits, asyncio.timeout(PATIENCE_SECONDS):
        told = await asyncio.gather(*(half.reader.readline() for half in halves))
    assert {line[:13] for line in told} == {b"HTTP/1.1 408 "}
    assert waits.longest < LONGEST_SECONDS


async def test_no_log_holds_a_phone_a_password_or_a_text(system: System) -> None:
    """Of all that the attacks before this one said."""
    logs = [path for path in system.folder.glob("logs/*.log") if path.stem != CARRIER]
    lines = [line for path in logs for line in path.read_text(errors="replace").splitlines()]
    assert len(lines) > len(logs)
    assert [line for line in lines if PRIVATE.search(line)] == []
