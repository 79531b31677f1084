"""Days of a column, in the order that the column itself tells or that staff say."""

from datetime import date
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from koinonia.messaging.importing.column_guesses import Column
from koinonia.messaging.people.imports import day_cells
from koinonia.messaging.people.imports.day_cells import DayOrder, DayTally

from .import_jobs import command, counts, ended, guessed, mapped, people, sent, written

DAY, MONTH = DayOrder.DAY_FIRST, DayOrder.MONTH_FIRST


@pytest.mark.parametrize(
    ("cell", "order", "kept"),
    [
        ("01.05.1980", DAY, "1980-05-01"),
        ("05-01-1980", MONTH, "05-01-1980"),
        ("05-01-1980", DAY, "1980-01-05"),
        ("12/10/1985", MONTH, "12/10/1985"),
        ("25/04/1990", MONTH, "1990-04-25"),
        ("04/25/1990", DAY, "04/25/1990"),
        ("4/25/1990 12:00:00 AM", MONTH, "1990-04-25"),
        ("4/5/80", MONTH, "1980-04-05"),
        ("5.4.", DAY, "--04-05"),
        ("Apr 5, 1990", MONTH, "1990-04-05"),
        ("5-Apr-80", MONTH, "1980-04-05"),
        ("5 de abril de 1980", DAY, "1980-04-05"),
        ("1. Mai 1980", DAY, "1980-05-01"),
        ("--04-05", DAY, "--04-05"),
        ("31.02.1980", DAY, None),
        ("unknown", DAY, None),
    ],
)
def test_a_day_is_kept_as_it_can_be_compared(cell: str, order: DayOrder, kept: str | None) -> None:
    assert day_cells.read(cell, order) == kept


DAYS = st.dates(date(1910, 1, 1), date(2020, 12, 31))
SIGNS = st.sampled_from("./-")


@given(st.lists(DAYS, min_size=1), SIGNS, st.sampled_from(DayOrder))
def test_a_column_is_read_as_it_was_written_or_staff_are_asked(
    days: list[date], sign: str, order: DayOrder
) -> None:
    form = f"%d{sign}%m{sign}%Y" if order is DAY else f"%m{sign}%d{sign}%Y"
    tally = DayTally()
    for day in days:
        tally.see(day.strftime(form))
    told = any(day.day > 12 for day in days)
    assert tally.order is order or not told
    read = [day_cells.read(day.strftime(form), tally.order or order) for day in days]
    right = {
        day: {day.isoformat(), day.strftime("%m/%d/%Y"), day.strftime("%m-%d-%Y")} for day in days
    }
    assert not told or all(each in right[day] for each, day in zip(read, days, strict=True))


def test_the_last_cell_of_a_long_column_may_tell_its_order() -> None:
    column = Column("Birthday")
    for _ in range(500):
        column.see("04/05/1980")
    assert column.days.is_open
    column.see("25/05/1980")
    assert column.days.order is DAY


FILE = "Name,Phone,Birthday,Joined\nAda X,2025550101,04/05/1980,13.02.2020\n"


async def test_staff_say_what_days_do_not_tell(house: Any, api: httpx.AsyncClient) -> None:
    job = await sent(api, FILE)
    [birthday, joined] = job["columns"][2:]
    assert (birthday["asksDayOrder"], birthday["dayOrder"]) == (True, None)
    assert (joined["asksDayOrder"], joined["dayOrder"]) == (False, "dayFirst")
    columns = guessed(job)
    columns[2]["dayOrder"] = "dayFirst"
    columns[3] = {"column": 4, "to": "newField", "field": "joined", "label": "Joined"}
    job = await mapped(api, job, columns)
    assert job["mapping"]["columns"][2]["dayOrder"] == "dayFirst"
    await command(api, job, "start")
    await ended(house, api, job)
    assert (await people(api))["Ada"]["fields"] == {
        "birthday": "1980-05-04",
        "joined": "2020-02-13",
    }


async def test_what_is_no_day_is_kept_and_said(house: Any, api: httpx.AsyncClient) -> None:
    job = await written(house, api, "Name,Phone,Birthday\nAda X,2025550101,in spring\n")
    assert counts(job) == (1, 0, 0, 0)
    assert (await people(api))["Ada"]["fields"] == {"birthday": "in spring"}
    assert job["sample"][0]["code"] == "DAY_UNREADABLE"
