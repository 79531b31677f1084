"""A filter of people as SQL over ``members m``. Pure.

Which index answers what: names ``ix_members_church_id_first_key_id`` and ``…_last_key_id``, a phone
``members_church_id_phone_index_first_key_key``, its last digits
``ix_members_church_id_phone_last_four_id`` and ``…_seven_id``, groups ``group_members_pkey``,
branches ``groups_branch_id_name_key_key``, consent ``consents_pkey``, changes
``ix_member_changes_church_id_changed_at_member_id``, texts of a phone ``heard_phones_pkey`` and
``ix_heard_phones_church_id_last_heard_at``. Fields, dates and the time of
joining are read from the members of the church in the order of the list.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from koinonia.common import phone
from koinonia.common.phone import InvalidPhone, Phones
from koinonia.messaging import names, phone_endings
from koinonia.messaging.people.consent import state_sql
from koinonia.messaging.people.consent.entries import ConsentState
from koinonia.messaging.people.filters.people_filter import (
    DateFilter,
    FieldFilter,
    GroupsFilter,
    HeardFilter,
    PeopleFilter,
)

LAST_LETTER = "\U0010ffff"  # sorts after every other, so it ends a range of names
DAYS_OF_A_YEAR = 365

Part = tuple[str, dict[str, object]]
"""A condition and its parameters."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """``sql`` goes behind ``WHERE``; its parameters all begin with ``f_``. ``by_name``: the people
    of a name are looked for, so a list is best sorted by it."""

    sql: str
    parameters: dict[str, object]
    by_name: bool = False


def conditions(
    wanted: PeopleFilter,
    church_id: UUID,
    phones: Phones,
    today: date | None = None,
    *,
    now: datetime,
) -> Conditions:
    """The conditions of ``wanted``. ``today``, in the church's time zone, matters to ``nextDays``
    only; days until ``now`` end with it."""
    found = list(_parts(wanted, today, now))
    by_name = False
    if wanted.search:
        part, by_name = _search(wanted.search, church_id, phones)
        found.insert(0, part)
    given: dict[str, object] = {}
    for _, parameters in found:
        given |= parameters
    return Conditions(" AND ".join(sql for sql, _ in found) or "true", given, by_name)


def _parts(wanted: PeopleFilter, today: date | None, now: datetime) -> Iterator[Part]:
    if wanted.groups:
        yield from _groups(wanted.groups)
    if wanted.branch_ids:
        yield (
            """m.id IN (SELECT gm.member_id
                          FROM groups g JOIN group_members gm ON gm.group_id = g.id
                         WHERE g.branch_id = ANY(CAST(:f_branches AS uuid[])))""",
            {"f_branches": wanted.branch_ids},
        )
    if wanted.consent:
        yield _consent(set(wanted.consent))
    if wanted.stop_question:
        yield state_sql.asked("m"), {}
    for place, field in enumerate(wanted.fields or ()):
        yield from _field(field, f"f_field_{place}")
    for place, dates in enumerate(wanted.dates or ()):
        yield from _date(dates, f"f_date_{place}", today)
    if wanted.joined_since:
        yield "m.created_at >= :f_joined_since", {"f_joined_since": wanted.joined_since}
    if wanted.joined_before:
        yield "m.created_at < :f_joined_before", {"f_joined_before": wanted.joined_before}
    if wanted.joined_within_days:
        since = now - timedelta(days=wanted.joined_within_days)
        yield "m.created_at >= :f_joined_days", {"f_joined_days": since}
    if wanted.last_heard_from:
        yield from _heard(wanted.last_heard_from, now)
    if wanted.updated_since:
        yield (
            """EXISTS (SELECT FROM member_changes c
                        WHERE c.church_id = m.church_id AND c.member_id = m.id
                          AND c.changed_at >= :f_updated_since)""",
            {"f_updated_since": wanted.updated_since},
        )


def _search(search: str, church_id: UUID, phones: Phones) -> tuple[Part, bool]:
    """The last four or seven digits of a phone, a whole number, else the beginning of a name; and
    whether it is a name."""
    if digits := phone_endings.searched(search):
        column = "four" if len(digits) == phone_endings.FOUR else "seven"
        ending = phones.ending(church_id, digits)
        return (f"m.phone_last_{column} = :f_ending", {"f_ending": ending}), False
    try:
        index = phones.index(church_id, phone.parse(search))
        return ("m.phone_index = :f_phone", {"f_phone": index}), False
    except InvalidPhone:
        name = names.key(search)
    if not name:
        return ("true", {}), False
    sql = """
        (m.first_key >= :f_low AND m.first_key < :f_high
         OR m.last_key >= :f_low AND m.last_key < :f_high)"""
    return (sql, {"f_low": name, "f_high": name + LAST_LETTER}), True


def _groups(groups: GroupsFilter) -> Iterator[Part]:
    if groups.any_of:
        yield (
            """m.id IN (SELECT gm.member_id FROM group_members gm
                         WHERE gm.group_id = ANY(CAST(:f_any_groups AS uuid[])))""",
            {"f_any_groups": groups.any_of},
        )
    for place, group_id in enumerate(dict.fromkeys(groups.all_of or ())):
        name = f"f_group_{place}"
        yield (
            f"m.id IN (SELECT gm.member_id FROM group_members gm WHERE gm.group_id = :{name})",
            {name: group_id},
        )
    if groups.none_of:
        yield (
            """NOT EXISTS (SELECT FROM group_members gm
                            WHERE gm.member_id = m.id
                              AND gm.group_id = ANY(CAST(:f_no_groups AS uuid[])))""",
            {"f_no_groups": groups.none_of},
        )


def _consent(states: set[ConsentState]) -> Part:
    """A phone of which nothing is known has no row."""
    exists, wanted = "EXISTS", states
    if ConsentState.NONE in states:
        exists, wanted = "NOT EXISTS", set(ConsentState) - states
    sql = f"""
        {exists} (SELECT FROM consents c
                   WHERE c.church_id = m.church_id AND c.phone_index = m.phone_index
                     AND c.state = ANY(CAST(:f_consent AS text[])))"""
    return sql, {"f_consent": sorted(wanted)}


def _heard(wanted: HeardFilter, now: datetime) -> Iterator[Part]:
    """A phone that never texted has no row."""
    times: dict[str, datetime] = {}
    if wanted.since:
        times["h.last_heard_at >= :f_heard_since"] = wanted.since
    if wanted.before:
        times["h.last_heard_at < :f_heard_before"] = wanted.before
    if wanted.within_days:
        times["h.last_heard_at >= :f_heard_days"] = now - timedelta(days=wanted.within_days)
    if times or wanted.never is False:
        yield (
            _text_of_phone("EXISTS", *times),
            {condition.rpartition(":")[2]: at for condition, at in times.items()},
        )
    if wanted.not_within_days:
        yield (
            _text_of_phone("NOT EXISTS", "h.last_heard_at >= :f_heard_not_days"),
            {"f_heard_not_days": now - timedelta(days=wanted.not_within_days)},
        )
    if wanted.never:
        yield _text_of_phone("NOT EXISTS"), {}


def _text_of_phone(exists: str, *conditions: str) -> str:
    about = ("h.church_id = m.church_id", "h.phone_index = m.phone_index", *conditions)
    return f"{exists} (SELECT FROM heard_phones h WHERE {' AND '.join(about)})"


def _field(wanted: FieldFilter, name: str) -> Iterator[Part]:
    key: dict[str, object] = {f"{name}_key": wanted.field}
    value = f"(m.custom ->> CAST(:{name}_key AS text))"
    if wanted.any_of:
        sql = f"lower({value}) = {_lower(f'{name}_any')}"
        yield sql, key | {f"{name}_any": wanted.any_of}
    if wanted.none_of:
        sql = (
            f"coalesce(lower({value}) <> ALL (SELECT lower(v) FROM {_given(f'{name}_none')}), true)"
        )
        yield sql, key | {f"{name}_none": wanted.none_of}
    if wanted.contains:
        sql = f"position(lower(CAST(:{name}_part AS text)) IN lower({value})) > 0"
        yield sql, key | {f"{name}_part": wanted.contains}
    if wanted.is_set is not None:
        yield f"{value} IS {'NOT ' if wanted.is_set else ''}NULL", key


def _lower(name: str) -> str:
    return f"ANY (SELECT lower(v) FROM {_given(name)})"


def _given(name: str) -> str:
    return f"unnest(CAST(:{name} AS text[])) AS given (v)"


def _date(wanted: DateFilter, name: str, today: date | None) -> Iterator[Part]:
    key: dict[str, object] = {f"{name}_key": wanted.field}
    # 19800405, or 405 where the year is not known: migrations/sql/calendar_day.sql
    day = f"calendar_day(m.custom ->> CAST(:{name}_key AS text))"
    yield f"{day} IS NOT NULL", key
    if wanted.months:
        sql = f"{day} / 100 % 100 = ANY(CAST(:{name}_months AS integer[]))"
        yield sql, key | {f"{name}_months": wanted.months}
    if wanted.days_from and wanted.days_to:
        ends = (_number(wanted.days_from), _number(wanted.days_to))
        yield _between(f"{day} % 10000", f"{name}_days", ends, key)
    if wanted.next_days is not None and wanted.next_days < DAYS_OF_A_YEAR:
        if today is None:
            raise ValueError("nextDays needs to know what day it is")
        yield _between(f"{day} % 10000", f"{name}_next", _coming(today, wanted.next_days), key)
    if wanted.since:
        yield f"{day} >= :{name}_since", key | {f"{name}_since": _whole(wanted.since)}
    if wanted.until:
        sql = f"{day} BETWEEN 10000 AND :{name}_until"
        yield sql, key | {f"{name}_until": _whole(wanted.until)}


def _between(day: str, name: str, ends: Sequence[int], key: dict[str, object]) -> Part:
    """Days of any year; from December to January they go over its end."""
    joined = "AND" if ends[0] <= ends[1] else "OR"
    sql = f"({day} >= :{name}_from {joined} {day} <= :{name}_to)"
    return sql, key | {f"{name}_from": ends[0], f"{name}_to": ends[1]}


def _coming(today: date, days: int) -> tuple[int, int]:
    last = today + timedelta(days=days)
    until = _month_day(last)
    if until == 228 and _month_day(last + timedelta(days=1)) == 301:
        until = 229  # who was born on a leap day has it on the last of February
    return _month_day(today), until


def _month_day(day: date) -> int:
    return day.month * 100 + day.day


def _number(month_day: str) -> int:
    return int(month_day.replace("-", ""))


def _whole(day: date) -> int:
    return day.year * 10_000 + _month_day(day)
