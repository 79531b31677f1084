"""Every list of people and numbers is answered from an index, in tables at volume."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from koinonia.common import db
from koinonia.common.testing import explain
from koinonia.common.testing.databases import Databases
from koinonia.messaging.inbound import answers, heard_phones
from koinonia.messaging.keywords import admins, keyword_match, keywords
from koinonia.messaging.numbers import due_orders, number_routes, numbers
from koinonia.messaging.people import (
    branches,
    directory,
    groups,
    member_changes,
    members,
    unnamed_members,
)
from koinonia.messaging.people.consent import ledger, ledger_history, ministries, question_list
from koinonia.messaging.people.consent.entries import ConsentKind, ConsentMethod, Entry
from koinonia.messaging.people.filters import conditions
from koinonia.messaging.people.filters.people_filter import PeopleFilter
from koinonia.messaging.people.unnamed_members import Name
from koinonia.messaging.people.upserts import upserts
from koinonia.messaging.people.upserts.upsert_entries import Entry as ExternalEntry

from .factories import ATTESTED, PHONES
from .people_volume import BRANCH, CHURCH, GROUP, MEMBER, Act, page

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def people(after: tuple[UUID | str, ...] = (), by_name: bool = False, **wanted: object) -> Act:
    """A page of the members of a filter, given as in JSON."""
    given = PeopleFilter.model_validate(wanted)
    found = conditions.conditions(given, CHURCH, PHONES, NOW.date(), now=NOW)
    return lambda session: directory.page(
        session, page(*after), found, by_name=by_name, is_counted=not after
    )


def ids(after: UUID | None, **wanted: object) -> Act:
    given = PeopleFilter.model_validate(wanted)
    found = conditions.conditions(given, CHURCH, PHONES, NOW.date(), now=NOW)
    return lambda session: directory.ids(session, found, after, 500)  # a part of them


def entries() -> list[ExternalEntry]:
    """Half of them known by id, the other half new; some with groups and an opt-out."""
    return [
        ExternalEntry(
            row=n,
            given=frozenset(["email"]),
            external_id=str(20 * n + 3 + 100_000 * (n % 2)),
            first_name=f"N{n}",
            email="n@example.org",
            phone_index=f"index {n}",
            phone_sealed="sealed",
            group_ids=[GROUP],
            opts_out=n % 10 == 0,
        )
        for n in range(1, 1000)
    ]


STOP = Entry(
    phone_index="p",
    phone_sealed="s",
    kind=ConsentKind.REVOKED,
    method=ConsentMethod.KEYWORD,
    at=NOW,
)
LEFT = replace(STOP, scope=GROUP)
JOINED = replace(LEFT, kind=ConsentKind.GRANTED)
SEALED = PHONES.seal("+12025550142")
NAMES = [Name(str(number), "Ada", "Smith") for number in range(10_000)]

ACTS: dict[str, Act] = {
    "branches": lambda session: branches.page(session, page()),
    "branches after a cursor": lambda session: branches.page(session, page("00523")),
    "a branch": lambda session: branches.get(session, BRANCH),
    "groups": lambda session: groups.page(session, page(), None),
    "groups after a cursor": lambda session: groups.page(session, page("00523", GROUP), None),
    "groups of a branch": lambda session: groups.page(session, page("00523", GROUP), BRANCH),
    "a group": lambda session: groups.get(session, GROUP),
    "members": people(),
    "members after a cursor": people((MEMBER,)),
    "members in the order of names": people(by_name=True),
    "members in the order of names after a cursor": people(("ab12", MEMBER), by_name=True),
    "members of a group in the order of names": people(by_name=True, groups={"anyOf": [GROUP]}),
    "ids of members": ids(None),
    "ids of members of a group after another": ids(MEMBER, groups={"anyOf": [GROUP]}),
    "members of a group": people(groups={"anyOf": [GROUP]}),
    "members of a group after a cursor": people((MEMBER,), groups={"allOf": [GROUP]}),
    "members of two groups": people(groups={"allOf": [GROUP, UUID(int=143)]}),
    "members of no group": people(groups={"noneOf": [GROUP, UUID(int=143)]}),
    "members of a branch": people(branchIds=[BRANCH]),
    "members by name": people(search="ab"),
    "members by name after a cursor": people(("ab12", MEMBER), search="ab"),
    "members by name in a group": people(search="ab", groups={"anyOf": [GROUP]}),
    "members by phone": people(search="+12025550142"),
    "members by four digits": people(search="0142"),
    "members by seven digits": people(search="555-0142"),
    "members who opted out": people(consent=["revoked"]),
    "members who may be texted": people(consent=["granted"]),
    "members of whom nothing is known": people(consent=["none"]),
    "members by a field": people(fields=[{"field": "smallGroup", "anyOf": ["Tuesday"]}]),
    "members by a birthday": people(dates=[{"field": "birthday", "months": [4]}]),
    "members by coming birthdays": people(dates=[{"field": "birthday", "nextDays": 7}]),
    "members whose broadcasts wait": people(stopQuestion="open"),
    "members whose broadcasts wait after a cursor": people((MEMBER,), stopQuestion="open"),
    "open questions": lambda session: question_list.page(session, CHURCH, page()),
    "open questions after a cursor": lambda session: question_list.page(
        session, CHURCH, page(NOW, MEMBER)
    ),
    "members who texted lately": people(lastHeardFrom={"withinDays": 7}),
    "members who texted lately after a cursor": people((MEMBER,), lastHeardFrom={"withinDays": 7}),
    "members who have not texted lately": people(lastHeardFrom={"notWithinDays": 90}),
    "members who never texted": people(lastHeardFrom={"never": True}),
    "a text of a phone": lambda session: heard_phones.record(session, CHURCH, "p", NOW),
    "members who joined lately": people(joinedSince="2026-11-01T00:00:00Z"),
    "a member": lambda session: members.get(session, MEMBER),
    "members who changed lately": people(updatedSince="2026-11-03T07:00:00Z"),
    "changes of members": lambda session: member_changes.after(session, CHURCH, page(), None),
    "changes of members since": lambda session: member_changes.after(session, CHURCH, page(), NOW),
    "changes of members after a cursor": lambda session: member_changes.after(
        session, CHURCH, page(datetime(2026, 11, 2, tzinfo=UTC), MEMBER), None
    ),
    "people of another system": lambda session: upserts.write(
        session, CHURCH, "planning-center", entries(), ATTESTED, "sealed"
    ),
    "a stop": lambda session: ledger.append(session, CHURCH, [STOP]),
    "what is known of a phone": lambda session: ledger.state(session, CHURCH, "p"),
    "all that was said of a phone": lambda session: ledger.history(session, CHURCH, "p"),
    "the ledger": lambda session: ledger_history.sealed_page(session, CHURCH, None, 100),
    "the ledger after an entry": lambda session: ledger_history.sealed_page(
        session, CHURCH, MEMBER, 100
    ),
    "the group of a keyword": lambda session: ministries.by_keyword(session, CHURCH, "k3"),
    "a name of a group": lambda session: ministries.is_name(session, CHURCH, "0003"),
    "a ministry's stop": lambda session: ministries.apply(session, CHURCH, LEFT),
    "the group that somebody joins": lambda session: ministries.by_keyword_or_name(
        session, CHURCH, "k3"
    ),
    "who joins a ministry": lambda session: ministries.apply(session, CHURCH, JOINED),
    "the keyword of a text": lambda session: keyword_match.find(
        session, CHURCH, "w3, please", ["w3"]
    ),
    "keywords of texts": lambda session: keyword_match.known(session, CHURCH, ["w3, please", "w4"]),
    "keywords": lambda session: keywords.page(session, page()),
    "keywords after a cursor": lambda session: keywords.page(session, page("w1003")),
    "a keyword": lambda session: keywords.get(session, GROUP),
    "whom to notify": lambda session: admins.present(session, CHURCH, [MEMBER]),
    "somebody without a name": lambda session: unnamed_members.create(
        session, CHURCH, "p", SEALED, PHONES
    ),
    "names for those who have none": lambda session: unnamed_members.name(session, CHURCH, NAMES),
    "help of late": lambda session: answers.helped_since(session, CHURCH, "p", NOW),
    "numbers": lambda session: numbers.page(session, page()),
    "numbers after a cursor": lambda session: numbers.page(session, page(NOW, MEMBER)),
    "the pending number": numbers.check_none_pending,
    "the owner of a number": lambda session: number_routes.owner(session, "+77", NOW),
    "orders that are due": due_orders.claim,
}


@pytest.mark.parametrize("name", ACTS)
async def test_it_is_answered_from_an_index(people_at_volume: Databases, name: str) -> None:
    database = db.Database(people_at_volume.url("messaging"), pool_size=2)
    try:
        with explain.watched(database) as statements:
            async with database.transaction(CHURCH) as session:
                await ACTS[name](session)
                await session.rollback()
        async with database.transaction(CHURCH) as session:
            assert await explain.problems_of(session, statements) == []
    finally:
        await database.close()
