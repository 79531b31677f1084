"""P6 with a clock: a reply does not wait for the texts of a broadcast."""

import statistics
import time
from typing import Any

from koinonia.common.testing.eventually import eventually

from .churches import Church
from .conftest import Founded
from .network import Network
from .threads import answer, asked

SLOW_CALL = 0.6  # seconds; with 32 calls at a time the broadcast takes a dozen
MEMBERS = 600
PROMISED = 2.0


async def test_a_reply_leaves_within_two_seconds_while_a_broadcast_is_being_sent(
    found: Founded, phones: Network
) -> None:
    church = await found(members=MEMBERS)
    thread = await asked(church, phones, "When does it begin?")
    await phones.turn(send_latency=SLOW_CALL)
    broadcast = await church.send("Service on Sunday begins at ten.")
    await eventually(lambda: _is_under_way(church, broadcast["id"]), 15)
    seconds = [
        await _replied(church, phones, thread, words)
        for words in ("At ten.", "Welcome!", "See you there.")
    ]
    counts = (await church.message(broadcast["id"]))["counts"]
    assert statistics.median(seconds) < PROMISED
    assert counts["pending"] > 0, "the broadcast was over before the replies were"


async def _is_under_way(church: Church, message_id: str) -> bool:
    counts = (await church.message(message_id))["counts"]
    return bool(0 < counts["delivered"] < MEMBERS)


async def _replied(church: Church, phones: Network, thread: dict[str, Any], words: str) -> float:
    """Seconds until the member reads it."""

    async def is_read() -> bool:
        return words in await phones.texts(church.phones[0])

    began = time.monotonic()
    await answer(church, thread, words)
    await eventually(is_read, 15)
    return time.monotonic() - began
