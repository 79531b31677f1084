"""People of every kind, and filters of whom it is known whether they hold."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from koinonia.common import db
from koinonia.messaging.inbound import heard_phones

from . import factories

TODAY = date(2026, 12, 28)
NOW = datetime(2026, 12, 28, 18, tzinfo=UTC)
PHONES = {"Gus": "+12025550177", "Hal": "+12025550177"}  # a household


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


async def settle(database: db.Database, church_id: UUID) -> dict[str, UUID]:
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
                phone_number=PHONES.get(each.first),
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


KINDS = [_group, _consent, _field, _date, _joined, _heard]


def some_filter(
    chance: random.Random, groups: dict[str, UUID], kinds: list[Any] = KINDS
) -> tuple[dict[str, Any], Holds]:
    """A filter as JSON has it, of up to three conditions, and whether it holds of somebody."""
    made = [kind(chance, groups) for kind in _some(chance, kinds)[:3]]
    said: dict[str, Any] = {}
    for part, _ in made:
        said |= part
    return said, lambda each: all(holds(each) for _, holds in made)
