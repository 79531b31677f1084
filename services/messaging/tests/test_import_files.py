"""Files as programs write them, odd ones, and those that are none."""

import asyncio
import io
import tracemalloc
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koinonia.common import db
from koinonia.common.errors import AppError
from koinonia.messaging.importing import csv_files, file_reading, limits
from koinonia.messaging.importing.file_reading import Read

from . import factories
from .import_jobs import counts, guessed, people, post, sent, written
from .workbooks import packed, workbook

QUOTED = 'First name;Phone;Note\nJosé;2025550101;"says ""hi"", twice"\n'


async def read(data: bytes) -> Read:
    return await file_reading.read(io.BytesIO(data), db.uuid7(), db.uuid7(), factories.PHONES, {})


@pytest.mark.parametrize(
    "data",
    [
        QUOTED.encode(),
        QUOTED.encode("utf-8-sig"),
        QUOTED.encode("utf-16"),
        QUOTED.encode("cp1252"),
        QUOTED.replace("\n", "\r\n").encode(),
        QUOTED.replace(";", "\t").encode("utf-16"),
        QUOTED.replace(",", "x").replace(";", ",").encode(),
        ("sep=;\n" + QUOTED).encode(),
        ("\n\n" + QUOTED).encode(),
        QUOTED.strip().encode(),
        workbook([("First name", "Phone"), ("José", 2025550101)]),
        workbook([("First name", "Phone"), ("José", "2025550101")]),
    ],
)
async def test_a_file_as_programs_write_it_is_read(
    house: Any, api: httpx.AsyncClient, data: bytes
) -> None:
    job = await written(house, api, data)
    assert counts(job) == (1, 0, 0, 0)
    assert (await people(api))["José"]["phone"] == "+12025550101"


async def test_days_of_a_workbook_are_days(house: Any, api: httpx.AsyncClient) -> None:
    rows = [("First name", "Phone", "Birthday"), ("Ada", 2025550101, (32972,))]
    job = await sent(api, workbook(rows), "people.xlsx")
    assert job["format"] == "xlsx"
    assert job["firstRows"][0]["cells"] == ["Ada", "2025550101", "1990-04-09"]
    assert guessed(job)[2] == {"column": 3, "to": "birthday"}


FAR = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{place}">'
FAR += "<v>2</v></c></row></sheetData>"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "EMPTY_FILE"),
        (b"name,phone\n", "EMPTY_FILE"),
        (b"name,phone\nA\0da,2025550101\n", "BAD_ENCODING"),
        (b"na\0me,phone\nAda,2025550101\n", "BAD_ENCODING"),
        (b"name,phone\n\x81\x8d\xff,2025550101\n", "BAD_ENCODING"),
        (b'name,phone\n"Ada,2025550101\n', "BAD_CSV"),
        (b'name,phone\n"Ada"x,2025550101\n', "BAD_CSV"),
        (b"name,phone\n" + b"x" * 10_001 + b",2025550101\n", "CELL_TOO_LONG"),
        (b"name,phone\n" + b"x" * 600_000 + b",2025550101\n", "BAD_CSV"),
        (b",".join(b"c%d" % n for n in range(201)) + b"\n1\n", "TOO_MANY_COLUMNS"),
        (b"PK\x03\x04 no workbook", "BAD_WORKBOOK"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "NOT_A_LIST"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "NOT_A_LIST"),
        (b"%PDF-1.7\n", "NOT_A_LIST"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "OLD_WORKBOOK"),
        (b"\r\n<html><table><tr><td>Name</td></tr></table>", "OLD_WORKBOOK"),
        (b"BEGIN:VCARD\nVERSION:3.0\n", "CONTACT_CARDS"),
        (workbook([("name", "phone")])[:-30], "BAD_WORKBOOK"),
        (packed(FAR.format(row=1_048_576, place="XFD1048576")), "WORKBOOK_TOO_LARGE"),
        (packed(FAR.format(row=2, place="ZZZZZ2")), "WORKBOOK_TOO_LARGE"),
        (packed(FAR.format(row=2, place="&#88;FD1048576")), "BAD_WORKBOOK"),
        (packed("<sheetData>" + " " * 210 * limits.MB + "</sheetData>"), "WORKBOOK_TOO_LARGE"),
    ],
)
async def test_what_is_no_file_of_people_is_refused_with_a_sentence(
    api: httpx.AsyncClient, data: bytes, code: str
) -> None:
    answer = await post(api, data)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) in [(400, code), (413, code)]
    assert error["message"].endswith(".")


async def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_ROWS", 3)
    with pytest.raises(AppError) as refused:
        await read(b"name,phone\n" + b"Ada,2025550101\n" * 4)
    assert refused.value.code == "TOO_MANY_ROWS"


async def test_a_file_takes_no_memory_of_its_size() -> None:
    lines = (f"P{n},202555{n % 9000 + 1000},p{n}@example.org,Choir\n" for n in range(40_000))
    data = io.BytesIO(("name,phone,email,groups\n" + "".join(lines)).encode())
    tracemalloc.start()
    try:
        found = await file_reading.read(data, db.uuid7(), db.uuid7(), factories.PHONES, {})
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found.rows == 40_000
    assert peak - sum(map(len, found.parts)) < 4 * limits.MB


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=400))
def test_no_bytes_are_a_fault(data: bytes) -> None:
    assert asyncio.run(outcome(b"name,phone\n" + data)) in (
        *("read", "EMPTY_FILE", "BAD_ENCODING", "BAD_CSV", "TOO_MANY_COLUMNS"),
    )


async def outcome(data: bytes) -> str:
    try:
        await read(data)
    except AppError as refused:
        return refused.code
    return "read"


CELLS = st.lists(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8),
        min_size=2,
        max_size=4,
    ),
    min_size=1,
    max_size=5,
)


@settings(deadline=None, max_examples=60)
@given(CELLS, st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]), st.sampled_from(",;\t|"))
def test_what_is_written_is_read(rows: list[list[str]], encoding: str, separator: str) -> None:
    head = separator.join(("one", "two", "three", "four"))
    quoted = [separator.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    data = "\r\n".join((head, *quoted)).encode(encoding)
    found = [cells for _, cells in csv_files.rows(io.BytesIO(data))]
    assert found == [head.split(separator), *rows]
