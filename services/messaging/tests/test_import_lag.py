"""An import holds the event loop for nobody: it is read and written in portions."""

import httpx
import pytest

from koinonia.common import db
from koinonia.common.errors import AppError
from koinonia.messaging.people.imports import imports
from koinonia.messaging.people.imports.csv_columns import Wishes

from . import factories
from .imports import send
from .loop_watch import watched

AREAS = (202, 205, 206, 207, 208, 209)
HEADER = "firstName,lastName,phone,email,groups\n"


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
