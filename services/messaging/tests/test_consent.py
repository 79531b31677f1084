"""Who said STOP is opted out, until the same phone says START, in the order it was said."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from koinonia.common import db
from koinonia.common.events.ingress import CarrierMessageReceived
from koinonia.common.testing import probe, service
from koinonia.messaging.people.consent import ledger
from koinonia.messaging.program import PROGRAM

from . import factories

PHONE = "+12025550142"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Line:
    """Texts from one phone to one church's number, in minutes after noon."""

    def __init__(self, house: Any, church_id: UUID, number: str) -> None:
        self.house, self.church_id, self.number = house, church_id, number

    async def says(self, text: str, minute: int = 0, by_carrier: str | None = None) -> UUID:
        event = CarrierMessageReceived(
            carrier="telnyx",
            carrier_message_id=str(db.uuid7()),
            to=self.number,
            sealed_sender=factories.PHONES.seal(PHONE),
            text=text,
            received_at=NOON + timedelta(minutes=minute),
            opt_out_type=by_carrier,
        )
        await service.hear(PROGRAM, self.house, event)
        return event.id

    async def is_opted_out(self) -> bool:
        async with self.house.database.transaction(self.church_id) as session:
            index = factories.PHONES.index(self.church_id, PHONE)
            known = await ledger.state(session, self.church_id, index)
        return known is not None and known.is_revoked

    async def told(self) -> list[str]:
        async with self.house.database.transaction() as session:
            rows = await probe.rows(
                session,
                """
                SELECT name FROM outbox WHERE church_id = :church AND name LIKE 'member.%'
                 ORDER BY position
                """,
                {"church": self.church_id},
            )
        return [row.name for row in rows]


async def _line(house: Any, church_id: UUID) -> Line:
    async with house.database.transaction(church_id) as session:
        number = await factories.active_number(session, church_id, since=NOON - timedelta(days=1))
        await factories.member(session, church_id, phone_number=PHONE)
    return Line(house, church_id, number.phone_number)


@pytest_asyncio.fixture
async def line(house: Any, church_id: UUID) -> Line:
    return await _line(house, church_id)


async def test_a_stop_opts_the_phone_out_and_is_told_once(line: Line) -> None:
    await line.says("Stop.")
    await line.says("STOP", minute=1)
    assert await line.is_opted_out()
    assert await line.told() == ["member.opted_out"]


async def test_words_that_no_carrier_understands_opt_out_too(line: Line) -> None:
    await line.says("please stop texting me")
    assert await line.is_opted_out()


async def test_a_start_lifts_the_stop(line: Line) -> None:
    await line.says("STOP")
    await line.says("Unstop", minute=1)
    assert not await line.is_opted_out()
    assert await line.told() == ["member.opted_out", "member.opted_in"]


async def test_a_start_without_a_stop_tells_nobody(line: Line) -> None:
    await line.says("START")
    assert await line.told() == []


@pytest.mark.parametrize("text", ["Hello", "HELP", "stop by at 5"])
async def test_an_ordinary_text_lifts_nothing_and_stops_nothing(line: Line, text: str) -> None:
    await line.says(text)
    assert not await line.is_opted_out()
    await line.says("STOP", minute=1)
    await line.says(text, minute=2)
    assert await line.is_opted_out()


async def test_a_yes_lifts_a_stop_that_only_we_heard_and_is_an_answer_otherwise(line: Line) -> None:
    await line.says("YES")
    await line.says("please stop texting me", minute=1)
    assert await line.is_opted_out()
    await line.says("Yes!", minute=2)
    assert not await line.is_opted_out()
    assert await line.told() == ["member.opted_out", "member.opted_in"]


async def test_a_yes_does_not_lift_what_the_carrier_blocks_as_well(line: Line) -> None:
    await line.says("STOP", by_carrier="STOP")
    await line.says("YES", minute=1)
    assert await line.is_opted_out()
    await line.says("UNSTOP", minute=2)
    assert not await line.is_opted_out()


async def test_a_yes_older_than_the_stop_lifts_nothing(line: Line) -> None:
    await line.says("Stop please", minute=2)
    await line.says("YES", minute=1)
    assert await line.is_opted_out()


async def test_the_carriers_own_match_wins_over_the_words(line: Line) -> None:
    await line.says("adios", by_carrier="STOP")
    assert await line.is_opted_out()
    await line.says("YES", minute=1, by_carrier="START")
    assert not await line.is_opted_out()


@pytest.mark.parametrize(
    ("said", "opted_out"),
    [
        ((("STOP", 1), ("START", 2)), False),
        ((("START", 2), ("STOP", 1)), False),
        ((("START", 1), ("STOP", 2)), True),
        ((("STOP", 2), ("START", 1)), True),
        ((("STOP", 1), ("START", 1)), True),
        ((("START", 1), ("STOP", 1)), True),
        ((("STOP", 3), ("START", 2), ("STOP", 1)), True),
        ((("START", 3), ("STOP", 1), ("STOP", 2)), False),
    ],
)
async def test_what_was_said_last_counts_in_whatever_order_it_comes(
    line: Line, said: tuple[tuple[str, int], ...], opted_out: bool
) -> None:
    for text, minute in said:
        await line.says(text, minute)
    assert await line.is_opted_out() is opted_out


async def test_a_stop_reaches_the_church_of_the_number_alone(
    house: Any, line: Line, other_church_id: UUID
) -> None:
    other = await _line(house, other_church_id)
    await line.says("STOP")
    assert (await line.is_opted_out(), await other.is_opted_out()) == (True, False)


async def test_a_text_to_a_number_that_changed_hands_belongs_to_its_owner_then(
    house: Any, line: Line, other_church_id: UUID
) -> None:
    other = await _line(house, other_church_id)
    async with house.database.transaction() as session:
        await db.run(
            session,
            "UPDATE number_routes SET valid_to = :at WHERE phone_number = :number",
            {"at": NOON, "number": line.number},
        )
        await db.run(
            session,
            """
            INSERT INTO number_routes (phone_number, church_id, number_id, valid_from)
            VALUES (:number, :church, :id, :at)
            """,
            {"number": line.number, "church": other_church_id, "id": db.uuid7(), "at": NOON},
        )
    await line.says("STOP", minute=-1)
    assert (await line.is_opted_out(), await other.is_opted_out()) == (True, False)
    await line.says("STOP", minute=1)
    assert await other.is_opted_out()


async def test_a_text_to_a_number_of_nobody_changes_nothing(house: Any, line: Line) -> None:
    await Line(house, line.church_id, "+12025550199").says("STOP")
    assert not await line.is_opted_out()


async def test_the_opt_out_keeps_its_source_and_no_plain_phone(
    house: Any, line: Line, church_id: UUID
) -> None:
    event_id = await line.says("STOP", by_carrier="STOP")
    async with house.database.transaction(church_id) as session:
        row = await probe.first(session, "SELECT * FROM consent_events WHERE kind = 'revoked'")
    assert row is not None
    assert (row.method, row.by_carrier, row.event_id) == ("keyword", True, event_id)
    assert (row.occurred_at, PHONE[2:] in str(row), "STOP" in str(row)) == (NOON, False, False)
