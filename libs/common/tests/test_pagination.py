"""Cursors and pages."""

import base64
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Annotated, Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest
from fastapi import FastAPI, Query
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from koinonia.common import errors
from koinonia.common.pagination import Cursor, Page, PageParams, paginate
from koinonia.common.schema import Schema

DATETIMES = st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1))  # noqa: DTZ001
ZONES = st.integers(-840, 840).map(lambda minutes: timezone(timedelta(minutes=minutes)))
VALUES = (
    DATETIMES
    | st.builds(lambda at, zone: at.replace(tzinfo=zone), DATETIMES, ZONES)
    | st.dates()
    | st.uuids()
    | st.text(st.characters(codec="utf-8", exclude_characters="\0"))
    | st.integers(-(2**63), 2**63 - 1)
    | st.booleans()
    | st.none()
)


class Member(Schema):
    id: int
    first_name: str


def members(count: int) -> list[SimpleNamespace]:
    return [SimpleNamespace(id=n, first_name=f"M{n}") for n in range(count)]


@given(st.lists(VALUES, max_size=4).map(tuple))
def test_a_cursor_comes_back_exactly(values: tuple[object, ...]) -> None:
    read = Cursor.parse(str(Cursor(values))).values  # type: ignore[arg-type]
    assert read == values
    assert [type(value) for value in read] == [type(value) for value in values]


@given(st.text(max_size=60) | st.binary(max_size=40).map(lambda b: b.hex()))
def test_a_token_that_is_not_ours_is_a_clear_error(token: str) -> None:
    with pytest.raises(errors.Invalid, match="not one of ours; start again without it"):
        Cursor.parse(f"!{token}")
    with suppress(errors.Invalid):
        Cursor.parse(token)


@pytest.mark.parametrize("forged", [["s\0"], [2**63], [1.5], [{}], ["q1"], [""], ["unope"], 5])
def test_a_forged_cursor_never_reaches_the_database(forged: object) -> None:
    token = base64.urlsafe_b64encode(orjson.dumps(forged))
    with pytest.raises(errors.Invalid):
        Cursor.parse(token.decode())


def test_a_cursor_of_another_list_is_refused() -> None:
    params = PageParams(cursor=str(Cursor(("Abel", 3))))
    assert params.after(str, int) == ("Abel", 3)
    with pytest.raises(errors.Invalid):
        params.after(datetime, UUID)


def test_a_first_page_starts_after_nothing() -> None:
    assert PageParams().after(datetime, UUID) is None


@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"limit": 101}, {"page": 0}, {"page": 2, "cursor": "x"}]
)
def test_limits_and_pages_out_of_range_are_refused(query: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        PageParams.model_validate(query)


def test_following_cursors_shows_every_row_once() -> None:
    rows, seen, cursor = members(45), [], None
    while True:
        params = PageParams(limit=20, cursor=cursor)
        after = params.after(int)
        rest = [row for row in rows if after is None or row.id > after[0]]
        page = paginate(rest[: params.take], params, key=lambda row: (row.id,))
        seen += [row.id for row in page.data]
        if not page.has_more:
            break
        cursor = page.next_cursor
    assert seen == list(range(45))
    assert page.next_cursor is None


def test_a_page_that_is_exactly_full_is_the_last() -> None:
    page = paginate(members(20), PageParams(), key=lambda row: (row.id,))
    assert (len(page.data), page.has_more, page.next_cursor) == (20, False, None)


def test_a_page_in_json_has_a_total_only_when_counted() -> None:
    params = PageParams(limit=1)
    page = paginate(members(1), params, lambda row: (row.id,), show=Member.model_validate)
    assert page.model_dump(by_alias=True, mode="json") == {
        "data": [{"id": 0, "firstName": "M0"}],
        "hasMore": False,
        "nextCursor": None,
    }
    counted = page.model_copy(update={"total": 7})
    assert orjson.loads(counted.model_dump_json(by_alias=True))["total"] == 7


def test_numbered_pages_skip_the_ones_before() -> None:
    assert (PageParams(page=3, limit=10).offset, PageParams().offset) == (20, 0)


async def test_a_route_takes_the_params_and_answers_the_page() -> None:
    app = FastAPI()

    @app.get("/members")
    def _(params: Annotated[PageParams, Query()], q: str = "") -> Page[Member]:
        rows: Sequence[Any] = members(params.take)
        return paginate(rows, params, key=lambda row: (row.id,))

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = (await client.get("/members", params={"limit": 1, "q": "x"})).json()
    assert answer["data"] == [{"id": 0, "firstName": "M0"}]
    assert answer["hasMore"] is True
    assert "total" not in answer


def test_values_of_a_key_keep_their_kind() -> None:
    key = (datetime(2026, 1, 2, 3, 4, 5, 678901, UTC), date(2026, 1, 2), uuid4())
    assert PageParams(cursor=str(Cursor(key))).after(datetime, date, UUID) == key


def test_a_page_of_other_things_is_the_same_place_in_the_list() -> None:
    page = paginate(members(2), PageParams(limit=1), lambda row: (row.id,), total=9)
    shown = page.shown(Member.model_validate)
    assert shown.data == [Member(id=0, first_name="M0")]
    assert (shown.has_more, shown.next_cursor, shown.total) == (True, page.next_cursor, 9)
