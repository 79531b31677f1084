"""An import holds the event loop for nobody: it is read and written in portions."""

import asyncio
import gc
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from koinonia.common import db
from koinonia.common.errors import AppError
from koinonia.messaging.people.imports import imports
from koinonia.messaging.people.imports.csv_columns import Wishes

from . import factories
from .imports import send

AREAS = (202, 205, 206, 207, 208, 209)
LONGEST = 0.1  # seconds of work between two turns of the loop
HEADER = "firstName,lastName,phone,email,groups\n"


@asynccontextmanager
async def watched() -> AsyncIterator[None]:
    """Fails when the process works longer than ``LONGEST`` while the loop gets no turn. Work is
    measured, not time, so that other processes of a busy machine do not count."""
    held: list[float] = []

    async def watch() -> None:
        before = time.process_time()
        while True:
            await asyncio.sleep(0)
            held.append(time.process_time() - before)
            before = time.process_time()
            await asyncio.sleep(0.001)  # gives a thread its turn
            held.append(time.process_time() - before)
            before = time.process_time()

    gc.collect()
    gc.freeze()  # as a process of ours does when it starts; what tests left is not its work
    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()
        gc.unfreeze()
    assert max(held) < LONGEST


def rows(count: int) -> bytes:
    lines = (
        f"P{n},X,{AREAS[n // 9000]}555{n % 9000 + 1000},p{n}@example.org,Choir\n"
        for n in range(count)
    )
    return (HEADER + "".join(lines)).encode()


FILES = {
    "a field of 9 MB": HEADER.encode() + b"x" * 9_000_000,
    "a quoted field of 9 MB": HEADER.encode() + b'"' + b"x\n" * 4_500_000,
    "a head of 9 MB": b"x" * 9_000_000,
    "a row of commas": HEADER.encode() + b"," * 9_000_000,
    "a head of commas": b"," * 9_000_000,
    "many columns": b",".join(b"c%d" % n for n in range(90_000)),
}


@pytest.mark.parametrize("name", FILES)
async def test_no_odd_file_holds_the_loop(name: str) -> None:
    async with watched():
        with pytest.raises(AppError):
            await imports.read(FILES[name], db.uuid7(), factories.PHONES, {}, Wishes(), grants=True)


async def test_reading_many_rows_does_not_hold_the_loop() -> None:
    async with watched():
        found = await imports.read(
            rows(10_000), db.uuid7(), factories.PHONES, {}, Wishes(), grants=True
        )
    assert len(found.lines) == 10_000


async def test_an_import_does_not_hold_the_loop(api: httpx.AsyncClient) -> None:
    async with watched():
        answer = await send(api, rows(3_000))
    assert answer.status_code == 200
