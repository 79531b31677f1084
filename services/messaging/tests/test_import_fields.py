"""A file's columns of the church's own fields."""

from typing import Any

import httpx
import pytest_asyncio

from .imports import by_first_name, counts, send


@pytest_asyncio.fixture
async def own(api: httpx.AsyncClient) -> None:
    """The church has the fields smallGroup ("Home group") and seat."""
    for key, label in (("smallGroup", "Home group"), ("seat", "Seat")):
        answer = await api.post("/api/fields", json={"key": key, "label": label})
        assert answer.status_code == 201


async def _imported(api: httpx.AsyncClient, *rows: str) -> dict[str, Any]:
    answer = await send(api, "\n".join(rows))
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def _fields(api: httpx.AsyncClient) -> dict[str, dict[str, str]]:
    return {name: member["fields"] for name, member in (await by_first_name(api)).items()}


async def test_a_column_is_named_by_key_or_by_label(api: httpx.AsyncClient, own: None) -> None:
    await _imported(api, "firstName,phone,HOME group,Seat,hobby", "Ada,2025550101,Blue,4,chess")
    await _imported(api, "firstName,phone,small_group", "Bo,2025550102, Red ")
    assert await _fields(api) == {
        "Ada": {"smallGroup": "Blue", "seat": "4"},
        "Bo": {"smallGroup": "Red"},
    }


async def test_a_later_file_changes_values_and_an_empty_cell_keeps_them(
    api: httpx.AsyncClient, own: None
) -> None:
    header = "firstName,phone,smallGroup,seat"
    await _imported(api, header, "Ada,2025550101,Blue,4", "Bo,2025550102,,")
    again = await _imported(api, header, "Ada,2025550101,Red,", "Bo,2025550102,,")
    assert counts(again) == (0, 1, 1, 0)
    assert await _fields(api) == {"Ada": {"smallGroup": "Red", "seat": "4"}, "Bo": {}}


async def test_rows_of_one_person_put_their_values_together(
    api: httpx.AsyncClient, own: None
) -> None:
    header = "firstName,phone,smallGroup,seat"
    await _imported(api, header, "Ada,2025550101,Blue,", "Ada,2025550101,Red,4")
    assert await _fields(api) == {"Ada": {"smallGroup": "Blue", "seat": "4"}}


async def test_a_value_that_is_too_long_fails_its_row(api: httpx.AsyncClient, own: None) -> None:
    body = await _imported(api, "firstName,phone,seat", f"Ada,2025550101,{'x' * 201}")
    assert body["rows"][0]["reason"] == "seat is longer than 200 letters. Shorten it."


async def test_a_field_has_one_column(api: httpx.AsyncClient, own: None) -> None:
    refused = await send(api, "firstName,phone,smallGroup,Home group\nAda,2025550101,a,b")
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "BAD_HEADER")


async def test_columns_of_nobody_are_left_alone(api: httpx.AsyncClient) -> None:
    body = await _imported(api, "firstName,phone,smallGroup", "Ada,2025550101,Blue")
    assert counts(body) == (1, 0, 0, 0)
    assert await _fields(api) == {"Ada": {}}
