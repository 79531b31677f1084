"""Whether the first row of a file names its columns: guessed, and as staff say."""

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from koinonia.messaging.importing import column_guesses

from .import_jobs import PATH, counts, guessed, mapped, people, post, sent, written

HEADLESS = "Ada,Lovelace,(202) 555-0101,ada@example.org\nBo,Lee,(202) 555-0102,bo@example.org\n"


async def say(api: httpx.AsyncClient, job: Any, *, has_head: bool) -> Any:
    answer = await api.put(f"{PATH}/{job['id']}/head", json={"hasHead": has_head})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_file_without_names_of_columns_loses_nobody(
    house: Any, api: httpx.AsyncClient
) -> None:
    job = await written(house, api, HEADLESS)
    assert (job["hasHead"], job["rows"], counts(job)) == (False, 2, (2, 0, 0, 0))
    known = await people(api)
    assert (known["Ada"]["lastName"], known["Ada"]["phone"]) == ("Lovelace", "+12025550101")
    assert job["sample"][0]["row"] == 1


async def test_one_person_alone_is_a_file(house: Any, api: httpx.AsyncClient) -> None:
    job = await written(house, api, "Ada Lovelace,(202) 555-0101\n")
    assert counts(job) == (1, 0, 0, 0)
    assert (await people(api))["Ada"]["lastName"] == "Lovelace"


async def test_staff_say_that_the_first_row_is_a_person(house: Any, api: httpx.AsyncClient) -> None:
    others = "".join(f"Bo Lee,(202) 555-010{n}\n" for n in range(4))
    job = await sent(api, f"Ada Lovelace,none\n{others}")
    assert (job["hasHead"], job["rows"]) == (True, 4)
    job = await say(api, job, has_head=False)
    assert (job["hasHead"], job["rows"], job["mapping"]) == (False, 5, None)
    assert job["headRow"] == job["firstRows"][0] == {"row": 1, "cells": ["Ada Lovelace", "none"]}
    assert [each["filled"] for each in job["columns"]] == [5, 5]
    assert [each["to"] for each in guessed(job)] == ["name", "phone"]


async def test_staff_say_that_it_names_the_columns(house: Any, api: httpx.AsyncClient) -> None:
    job = await sent(api, "Who,202-555-0100\nAda Lovelace,(202) 555-0101\n")
    assert job["hasHead"] is False
    job = await say(api, job, has_head=True)
    assert [each["head"] for each in job["columns"]] == ["Who", "202-555-0100"]
    again = await say(api, await say(api, job, has_head=False), has_head=True)
    assert {**again, "firstRows": 0} == {**job, "firstRows": 0}
    await mapped(api, again)


async def test_a_head_without_anybody_below_it_stays_a_person(api: httpx.AsyncClient) -> None:
    job = await sent(api, "Ada Lovelace,(202) 555-0101\n")
    refused = await api.put(f"{PATH}/{job['id']}/head", json={"hasHead": True})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "IMPORT_HEAD_FIXED")
    assert (await post(api, "Name,Phone\n")).json()["error"]["code"] == "EMPTY_FILE"


@pytest.mark.parametrize(
    ("cells", "is_head"),
    [
        ("First Name,Last Name,Phone", True),
        ("Nombre,Apellido,Celular", True),
        ("a,b,c", True),
        ("Name,Phone (call 512-555-0100),Email,Groups", True),
        ("Ada,Lovelace,512-555-0142", False),
        ("Ada,,ada@example.org", False),
        ("Ada,Mobile,512-555-0142,ada@example.org", False),
    ],
)
def test_a_head_is_told_from_a_person(cells: str, *, is_head: bool) -> None:
    assert column_guesses.is_head(cells.split(",")) is is_head


WORDS = st.text(st.characters(categories=["L"]), max_size=12)


@given(st.lists(WORDS, max_size=6), st.lists(WORDS, max_size=3))
def test_a_row_with_a_phone_and_an_address_is_a_person(before: list[str], after: list[str]) -> None:
    row = [*before, "(512) 555-0142", "ada@example.org", *after]
    known = [each for each in row if column_guesses.csv_columns.meaning(each, {})[0]]
    assert len(known) > 2 or not column_guesses.is_head(row)
