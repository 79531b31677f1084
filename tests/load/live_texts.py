"""Texts at a steady rate, whether or not the last one was taken, and how soon pages show them."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

import aiohttp
from tests.load import congregation
from tests.load.figures import Spoiled, Spread
from tests.load.live_pages import Ledger, marked

from koinonia.common import bus, db
from koinonia.common.events.conversation import ConversationUpdated
from koinonia.common.testing import secrets
from koinonia.common.testing.eventually import eventually
from koinonia.devkit.carrier.state.texts import Inbound
from koinonia.devkit.carrier.telnyx.dialect import TelnyxDialect
from koinonia.devkit.environment import Environment

PATIENCE = 60.0
TRIES = 20
REPEAT_SECONDS = 0.25

Text = tuple[int, Callable[[], Awaitable[object]]]
"""Its number and how it is sent."""
Call = tuple[int, str, dict[str, str], bytes]
"""Number, query, headers and body of a text."""


@dataclass(frozen=True)
class Church:
    """One that takes texts and shows them."""

    id: Any
    token: str
    number: str


async def pour(
    ledger: Ledger, texts: Iterator[Text], count: int, *, per_second: int, pages: int
) -> Spread:
    """Send ``count`` of the texts and wait until each was shown on ``pages`` pages, once."""
    seen, began = len(ledger.seconds), time.perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for turn, (n, send) in enumerate(islice(texts, count)):
            await asyncio.sleep(began + turn / per_second - time.perf_counter())
            ledger.sent_at[n] = time.perf_counter()
            tasks.create_task(_sent(send))
    wanted = seen + pages * count
    try:
        await eventually(lambda: len(ledger.seconds) >= wanted, PATIENCE)
    except AssertionError:
        missing = wanted - len(ledger.seconds)
        raise Spoiled(f"Of {pages * count:,} times, {missing:,} were not shown.") from None
    if len(ledger.seconds) > wanted:
        raise Spoiled(f"{len(ledger.seconds) - wanted:,} were shown twice.")
    return Spread.of(ledger.seconds[seen:])


@asynccontextmanager
async def posted(url: str, calls: Iterator[Call], ledger: Ledger) -> AsyncIterator[Iterator[Text]]:
    """Texts that are posted: number, query, headers and body of each."""
    async with aiohttp.ClientSession() as session:
        yield (
            (n, partial(_post, session, f"{url}{query}", headers, body, ledger))
            for n, query, headers, body in calls
        )


@asynccontextmanager
async def published(
    environment: Environment, churches: Sequence[Church], start: int
) -> AsyncIterator[Iterator[Text]]:
    """Texts of which the bus is told at once, as if all before it took no time."""
    publisher = bus.Publisher(environment.rabbitmq_url, "bench", environment.namespace)
    try:
        yield (
            (n, partial(publisher.publish, [_told(churches[n % len(churches)], marked(n))]))
            for n in range(start, start + 1_000_000)
        )
    finally:
        await publisher.close()


def from_people(url: str, churches: Sequence[Church], numbers: range, back: int = 0) -> list[Call]:
    """Signed calls of the carrier, each from a person who has not written before, or who sent the
    text that was ``back`` numbers before."""
    telnyx = TelnyxDialect(secrets.carrier_key())
    calls: list[Call] = []
    for n in numbers:
        text = Inbound(
            dialect="telnyx",
            text=marked(n),
            media_urls=[],
            profile_id=None,
            sender=congregation.phone((n - back) // len(churches)),
            to=churches[n % len(churches)].number,
            autoresponse=None,
        )
        headers, body = telnyx.received(text).call(url, 1)
        calls.append((n, "", dict(headers), body))
    return calls


def _told(church: Church, preview: str) -> bus.Envelope:
    return bus.Envelope.from_event(
        ConversationUpdated(
            church_id=church.id,
            conversation_id=db.uuid7(),
            status="open",
            reason="received",
            preview=preview,
        )
    )


async def flood(
    environment: Environment, churches: Sequence[Church], rounds: int, preview: str
) -> AsyncIterator[None]:
    """Tell each of the churches ``rounds`` times, as fast as the bus takes it."""
    publisher = bus.Publisher(environment.rabbitmq_url, "bench", environment.namespace)
    for _ in range(rounds):
        await publisher.publish([_told(church, preview) for church in churches])
        yield
    await publisher.close()


async def _sent(send: Callable[[], Awaitable[object]]) -> None:
    await send()


async def _post(
    session: aiohttp.ClientSession, url: str, headers: dict[str, str], body: bytes, ledger: Ledger
) -> None:
    """A carrier repeats what was not taken; its pages then wait for all of it."""
    for _ in range(TRIES):
        async with session.post(url, data=body, headers=headers) as response:
            if response.ok:
                return
            refusal = await response.text()
        ledger.refused += 1
        await asyncio.sleep(REPEAT_SECONDS)
    raise Spoiled(f"A text was not taken: {refusal[:300]}")
