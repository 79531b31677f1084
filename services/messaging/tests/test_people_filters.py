"""Filters of people: each condition finds who it says, alone and together with others."""

import random
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
from pydantic import ValidationError

from koinonia.common import clock, db
from koinonia.common.pagination import PageParams
from koinonia.messaging.people import directory
from koinonia.messaging.people.filters import conditions, preparation
from koinonia.messaging.people.filters.people_filter import PeopleFilter

from . import factories
from .filtered_people import NOW, PEOPLE, TODAY, settle, some_filter


async def test_any_filter_finds_exactly_those_of_whom_it_holds(
    database: db.Database, church_id: UUID
) -> None:
    groups = await settle(database, church_id)
    chance = random.Random(12)
    async with database.transaction(church_id) as session:
        for _ in range(300):
            said, holds = some_filter(chance, groups)
            wanted = PeopleFilter.model_validate(said)
            asked = conditions.conditions(wanted, church_id, factories.PHONES, TODAY, now=NOW)
            found = await directory.page(session, PageParams(limit=100), asked)
            expected = {each.id for each in PEOPLE if holds(each)}
            assert {each.id for each in found.data} == expected, said


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *(("1980-04-05", 19800405), ("1980-04-05T10:00:00", 19800405), ("4/5/1980", 19800405)),
        *(
            ("04/05/80", 405),
            ("4/5", 405),
            ("--04-05", 405),
            ("--0405", 405),
            ("4-5-1980", 19800405),
        ),
        *(
            ("1980-13-05", None),
            ("31/12/1980", None),
            ("soon", None),
            ("", None),
            ("4/5/19801", None),
        ),
        *(("1980-04-05x", None), ("0/5/1980", None), ("12345", None)),
    ],
)
async def test_a_day_is_read_as_people_write_it(
    database: db.Database, text: str, day: int | None
) -> None:
    async with database.transaction() as session:
        sql = "SELECT calendar_day(CAST(:text AS text)) AS day"
        assert await db.value(session, int, sql, {"text": text}) == day


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"consent": ["granted", "none"]}, "AdaCyDiEdGusHal"),
        ({"optedOut": True}, "BoFlo"),
        ({"optedOut": False, "groupsNoneOf": ["Choir"]}, "CyDiGusHal"),
        ({"groupsAnyOf": ["Band", "Youth"], "groupId": "Choir"}, "BoEd"),
        ({"groupsAllOf": ["Band", "Choir"], "consent": "none"}, "Ed"),
        ({"field": ["team:blue", "team:Red"]}, "AdaBoCy"),
        ({"field": "team:"}, "DiGusHal"),
        ({"field": "team:*", "optedOut": False}, "AdaCyEd"),
        ({"date": "birthday:04"}, "AdaBo"),
        ({"date": "birthday:12-24..01-03"}, "CyDi"),
        ({"date": "birthday:1990-01-01.."}, "BoGus"),
        ({"joinedSince": "2026-08-01T00:00:00Z"}, "Flo"),
        ({"heardSince": "2026-11-01T00:00:00Z"}, "AdaCy"),
        ({"heardBefore": "2026-11-29T00:00:00Z"}, "BoCy"),
        ({"neverHeard": True, "optedOut": False}, "DiEdGusHal"),
        ({"neverHeard": False}, "AdaBoCy"),
        ({"notHeardWithinDays": 3660}, "DiEdFloGusHal"),
        ({"search": "b", "optedOut": True}, "Bo"),
        ({}, "AdaBoCyDiEdFloGusHal"),
    ],
)
async def test_a_list_is_filtered_by_the_query_and_counted_if_asked(
    api: httpx.AsyncClient,
    database: db.Database,
    church_id: UUID,
    params: dict[str, Any],
    found: str,
) -> None:
    groups = await settle(database, church_id)

    def ids(value: Any) -> Any:
        return [str(groups[each]) for each in value] if isinstance(value, list) else groups[value]

    asked = {name: ids(each) if "group" in name else each for name, each in params.items()}
    page = (await api.get("/api/members", params={**asked, "total": True, "limit": 2})).json()
    everybody = (await api.get("/api/members", params={**asked, "limit": 100})).json()
    assert "".join(sorted(each["firstName"] for each in everybody["data"])) == found
    assert page["total"] == len(everybody["data"])
    assert "total" not in everybody


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"consent": "maybe"}, "VALIDATION_ERROR"),
        ({"optedOut": True, "consent": "granted"}, "BAD_FILTER"),
        ({"field": "team"}, "BAD_FILTER"),
        ({"field": ["birthday:*", "birthday:x"]}, "BAD_FILTER"),
        ({"field": "nobody:x"}, "UNKNOWN_CUSTOM_FIELD"),
        ({"date": "nobody:04"}, "UNKNOWN_CUSTOM_FIELD"),
        ({"date": "birthday:13"}, "BAD_FILTER"),
        ({"date": "birthday:02-30..03-01"}, "BAD_FILTER"),
        ({"date": "birthday:.."}, "BAD_FILTER"),
        ({"date": ":04"}, "BAD_FILTER"),
        ({"joinedSince": "2026-08-01"}, "VALIDATION_ERROR"),
        ({"neverHeard": True, "heardWithinDays": 7}, "BAD_FILTER"),
        ({"heardWithinDays": 0}, "VALIDATION_ERROR"),
        ({"groupsNoneOf": "00000000-0000-0000-0000-000000000001"}, "GROUP_NOT_FOUND"),
        ({"branchId": "00000000-0000-0000-0000-000000000001"}, "BRANCH_NOT_FOUND"),
    ],
)
async def test_a_filter_that_means_nothing_is_refused(
    api: httpx.AsyncClient, params: dict[str, Any], code: str
) -> None:
    refused = await api.get("/api/members", params=params)
    assert refused.status_code in (400, 404)
    assert refused.json()["error"]["code"] == code


@pytest.mark.parametrize(
    "said",
    [
        {"groups": {"anyOf": []}},
        {"consent": []},
        {"branchIds": []},
        {"fields": [{"field": "team"}]},
        {"fields": [{"field": "team", "anyOf": []}]},
        {"fields": [{"field": "a'; DROP TABLE members; --", "isSet": True}]},
        {"dates": [{"field": "birthday", "daysFrom": "01-01"}]},
        {"dates": [{"field": "birthday", "months": [0]}]},
        {"lastHeardFrom": {}},
        {"lastHeardFrom": {"never": True, "withinDays": 3}},
    ],
)
def test_no_filter_means_everybody_by_accident(said: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PeopleFilter.model_validate(said)


async def test_coming_days_are_those_of_the_church(
    database: db.Database, church_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = datetime(2026, 12, 29, 3, tzinfo=UTC)  # the evening before in Chicago
    monkeypatch.setattr(clock, "now", lambda: at)
    async with database.transaction(church_id) as session:
        assert await preparation.today(session, church_id) == date(2026, 12, 28)


def test_who_was_born_on_a_leap_day_comes_round_every_year() -> None:
    wanted = PeopleFilter.model_validate({"dates": [{"field": "birthday", "nextDays": 0}]})
    for today, until in ((date(2026, 2, 28), 229), (date(2028, 2, 28), 228)):
        asked = conditions.conditions(wanted, UUID(int=1), factories.PHONES, today, now=NOW)
        assert asked.parameters["f_date_0_next_to"] == until


async def test_a_member_shows_when_their_phone_was_last_heard_from(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    await settle(database, church_id)
    shown = (await api.get("/api/members", params={"limit": 100})).json()["data"]
    heard = {each["firstName"]: each["lastHeardFrom"] for each in shown}
    assert heard["Ada"] == "2026-12-25T18:00:00Z"
    assert heard["Di"] is None
