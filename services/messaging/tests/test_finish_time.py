"""How long a message takes beside what waits already."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
import pytest_asyncio

from koinonia.common import clock
from koinonia.common.throttle import Bucket
from koinonia.messaging.numbers.rates import Rates
from koinonia.messaging.preview import finish_time
from koinonia.messaging.preview.finish_time import Others

from .desk import Desk

LIMITS = Rates([Bucket("carrier:telnyx:parts", 50.0, 10.0), Bucket("number:+1:parts", 20.0, 4.0)])


@pytest.mark.parametrize(
    ("account", "number", "seconds"),
    [
        ([], [], 50),  # 1,000 parts at the number's 20 a second
        ([], [100.0], 55),  # the few that wait before it
        ([], [9_000.0], 100),  # a large one takes turns with it
        ([9_000.0] * 4, [], 100),  # others of the account: a fifth of 50 is left
        ([200.0], [], 50),
    ],
)
def test_messages_take_turns_at_a_limit(
    account: list[float], number: list[float], seconds: float
) -> None:
    others = Others(account, number)
    assert finish_time.seconds(LIMITS, others, 1_000) == pytest.approx(seconds)


@pytest_asyncio.fixture
async def slow(desk: Desk) -> AsyncIterator[Desk]:
    """40 people, and a number that sends a part in two seconds."""
    await desk.members(40)
    await desk.run(
        """
        INSERT INTO sending_rates (kind, name, parts_per_second)
        SELECT 'number', phone_number, 0.5 FROM phone_numbers WHERE church_id = :church
        """
    )
    yield desk
    await desk.run("DELETE FROM sending_rates")


async def finishes_in(desk: Desk, content: str = "x" * 161) -> timedelta:
    """At whatever hour the test runs."""
    preview = await desk.preview(content, emergency={"reason": "A test"})
    return datetime.fromisoformat(preview["finishesAt"]) - clock.now()


async def test_a_preview_is_through_at_the_rate_of_its_number(slow: Desk) -> None:
    assert (await finishes_in(slow)).total_seconds() == pytest.approx(160, abs=5)


async def test_what_is_being_sent_from_the_number_is_counted_in(slow: Desk) -> None:
    sent = (await slow.post("send", "Hello")).json()
    before = await finishes_in(slow)
    await slow.run("UPDATE messages SET status = 'sending' WHERE id = :id", id=UUID(sent["id"]))
    await slow.run("UPDATE dispatch_batches SET state = 'released' WHERE church_id = :church")
    assert (await finishes_in(slow) - before).total_seconds() == pytest.approx(160, abs=10)


async def test_a_daily_cap_makes_it_days(slow: Desk) -> None:
    await slow.run("UPDATE sending_rates SET daily_cap = 39")
    assert timedelta(days=2) < await finishes_in(slow) < timedelta(days=3)
