"""Filters of people: each condition finds who it says, alone and together with others."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import orjson
import pytest
from pydantic import ValidationError

from koinonia.common import clock, db
from koinonia.common.pagination import PageParams
from koinonia.messaging.inbound import heard_phones
from koinonia.messaging.people import directory
from koinonia.messaging.people.filters import conditions, preparation
from koinonia.messaging.people.filters.people_filter import PeopleFilter

from . import factories

TODAY = date(2026, 12, 28)
NOW = datetime(2026, 12, 28, 18, tzinfo=UTC)


@dataclass
class Known:
    """A member, as a filter may ask."""

    first: str
    consent: str = "granted"
    groups: set[str] = field(default_factory=set)
    custom: dict[str, str] = field(default_factory=dict)
    joined: datetime = datetime(2026, 6, 1, tzinfo=UTC)
    heard: datetime | None = None
    id: UUID = field(default_factory=db.uuid7)


PEOPLE = [
    Known(
        "Ada",
        groups={"Choir"},
        custom={"birthday": "1980-04-05", "team": "Blue"},
        heard=NOW - timedelta(days=3),
    ),
    Known(
        "Bo",
        "revoked",
        {"Choir", "Band"},
        {"birthday": "4/30/1999", "team": "red"},
        heard=NOW - timedelta(days=100),
    ),
    Known(
        "Cy",
        "none",
        {"Band"},
        {"birthday": "12/31", "team": "BLUE"},
        heard=NOW - timedelta(days=30),
    ),
    Known("Di", "granted", set(), {"birthday": "--01-02"}),
    Known("Ed", "none", {"Choir", "Band", "Youth"}, {"birthday": "soon", "team": "blue whale"}),
    Known("Flo", "revoked", {"Youth"}, {"team": "Green"}, datetime(2026, 9, 1, tzinfo=UTC)),
    Known("Gus", "granted", {"Youth"}, {"birthday": "2/29/2000"}),
    Known("Hal", joined=datetime(2025, 1, 1, tzinfo=UTC)),
]
DAYS = {"Ada": 19800405, "Bo": 19990430, "Cy": 1231, "Di": 102, "Gus": 20000229}
Holds = Callable[[Known], bool]


async def _settle(database: db.Database, church_id: UUID) -> dict[str, UUID]:
    """All of them in a church; the ids of its groups by name."""
    async with database.transaction(church_id) as session:
        branch = await factories.branch(session, church_id)
        named = ("Choir", "Band", "Youth")
        groups = {name: await factories.group(session, church_id, branch, name) for name in named}
        for key in ("birthday", "team"):
            await db.run(
                session,
                """
                INSERT INTO custom_fields (id, church_id, key, label, label_key)
                VALUES (:id, :church, :key, :key, :key)
                """,
                {"id": db.uuid7(), "church": church_id, "key": key},
            )
        for each in PEOPLE:
            member = await factories.member(
                session,
                church_id,
                first_name=each.first,
                groups=[groups[name] for name in each.groups],
                consents=each.consent == "granted",
            )
            each.id = member.id
            if each.heard:
                await heard_phones.record(session, church_id, member.phone_index, each.heard)
            if each.consent == "revoked":
                await factories.opt_out(session, church_id, member.phone)
            await db.run(
                session,
                "UPDATE members SET custom = CAST(:c AS jsonb), created_at = :at WHERE id = :id",
                {"id": each.id, "c": orjson.dumps(each.custom).decode(), "at": each.joined},
            )
    return groups


def _some(chance: random.Random, all_of: list[Any]) -> list[Any]:
    return chance.sample(all_of, chance.randint(1, len(all_of)))


def _group(chance: random.Random, groups: dict[str, UUID]) -> tuple[dict[str, Any], Holds]:
    names = set(_some(chance, sorted(groups)))
    kind = chance.choice(["anyOf", "allOf", "noneOf"])
    holds: dict[str, Holds] = {
        "anyOf": lambda each: bool(names & each.groups),
        "allOf": lambda each: names <= each.groups,
        "noneOf": lambda each: not names & each.groups,
    }
    return {"groups": {kind: [groups[name] for name in names]}}, holds[kind]


def _consent(chance: random.Random, _: object) -> tuple[dict[str, Any], Holds]:
    states = _some(chance, ["granted", "revoked", "none"])
    return {"consent": states}, lambda each: each.consent in states


def _field(chance: random.Random, _: object) -> tuple[dict[str, Any], Holds]:
    values = _some(chance, ["blue", "Red", "green"])
    lower = {value.lower() for value in values}
    is_set = chance.random() < 0.5
    kind, said, holds = chance.choice(
        [
            ("anyOf", values, lambda each: each.custom.get("team", "?").lower() in lower),
            ("noneOf", values, lambda each: each.custom.get("team", "?").lower() not in lower),
            ("contains", "BLUE", lambda each: "blue" in each.custom.get("team", "").lower()),
            ("isSet", is_set, lambda each: ("team" in each.custom) == is_set),
        ]
    )
    return {"fields": [{"field": "team", kind: said}]}, holds


def _date(chance: random.Random, _: object) -> tuple[dict[str, Any], Holds]:
    def day(each: Known) -> int:
        return DAYS.get(each.first, 0)

    months = _some(chance, list(range(1, 13)))
    coming = chance.randint(0, 40)
    nearby = {_number(TODAY + timedelta(days=n)) for n in range(coming + 1)}
    said, holds = chance.choice(
        [
            ({"months": months}, lambda each: day(each) // 100 % 100 in months),
            (
                {"daysFrom": "12-20", "daysTo": "01-02"},
                lambda each: day(each) and not 102 < day(each) % 10000 < 1220,
            ),
            (
                {"daysFrom": "02-01", "daysTo": "04-05"},
                lambda each: 201 <= day(each) % 10000 <= 405,
            ),
            ({"nextDays": coming}, lambda each: day(each) % 10000 in nearby),
            ({"since": "1990-01-01"}, lambda each: day(each) >= 19900101),
            ({"until": "1999-04-30"}, lambda each: 9999 < day(each) <= 19990430),
        ]
    )
    return {"dates": [{"field": "birthday", **said}]}, holds


def _joined(chance: random.Random, _: object) -> tuple[dict[str, Any], Holds]:
    since, before = (datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC))
    said = {"joinedSince": since, "joinedBefore": before}
    days = chance.randint(1, 400)
    lately = NOW - timedelta(days=days)
    return chance.choice(
        [
            (said, lambda each: since <= each.joined < before),
            ({"joinedWithinDays": days}, lambda each: each.joined >= lately),
        ]
    )


def _heard(chance: random.Random, _: object) -> tuple[dict[str, Any], Holds]:
    days = chance.choice([1, 3, 30, 99, 365])
    since, is_never = NOW - timedelta(days=days), chance.random() < 0.5
    said, holds = chance.choice(
        [
            ({"since": since}, lambda each: each.heard and each.heard >= since),
            ({"before": since}, lambda each: each.heard and each.heard < since),
            ({"withinDays": days}, lambda each: each.heard and each.heard >= since),
            ({"notWithinDays": days}, lambda each: not each.heard or each.heard < since),
            ({"never": is_never}, lambda each: (each.heard is None) == is_never),
            (
                {"before": since, "notWithinDays": 50},
                lambda each: each.heard and each.heard < min(since, NOW - timedelta(days=50)),
            ),
        ]
    )
    return {"lastHeardFrom": said}, holds


def _number(day: date) -> int:
    return day.month * 100 + day.day


async def test_any_filter_finds_exactly_those_of_whom_it_holds(
    database: db.Database, church_id: UUID
) -> None:
    groups = await _settle(database, church_id)
    chance = random.Random(12)
    async with database.transaction(church_id) as session:
        for _ in range(300):
            kinds = _some(chance, [_group, _consent, _field, _date, _joined, _heard])[:3]
            made = [kind(chance, groups) for kind in kinds]
            said: dict[str, Any] = {}
            for part, _holds in made:
                said |= part
            wanted = PeopleFilter.model_validate(said)
            asked = conditions.conditions(wanted, church_id, factories.PHONES, TODAY, now=NOW)
            found = await directory.page(session, PageParams(limit=100), asked)
            expected = {each.id for each in PEOPLE if all(holds(each) for _, holds in made)}
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
    groups = await _settle(database, church_id)

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
    await _settle(database, church_id)
    shown = (await api.get("/api/members", params={"limit": 100})).json()["data"]
    heard = {each["firstName"]: each["lastHeardFrom"] for each in shown}
    assert heard["Ada"] == "2026-12-25T18:00:00Z"
    assert heard["Di"] is None
