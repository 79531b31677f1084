"""The worker's part that delivers: it claims lanes and works each as a task of its own.

Memory is bounded by lanes, not by what waits: a lane holds what its round takes, and what waits is
rows. A lane that has taken long for its round gives its place to another, up to :data:`MOST` in
all; lanes that failed last have :data:`SLOW` places of their own.
"""

import asyncio
import contextlib
import time
from collections.abc import Sequence

import structlog

from koinonia.common import clock, telemetry
from koinonia.integrations.delivering import lanes, requests, rounds
from koinonia.integrations.delivering.lanes import Lane
from koinonia.integrations.delivering.rounds import Attempt, Round
from koinonia.integrations.running import Running

log = structlog.get_logger()

QUICK = 32  # lanes at work at one time that took what they were sent last
SLOW = 16  # and those that did not
MOST = 128
LONG_SECONDS = 1.0  # a round that takes longer gives its place to another lane
TURN_SECONDS = 2.0  # a lane with much in it makes way for others
LOOK_SECONDS = 1.0  # between two looks for what is due, unless this process queued something
BUSY_SECONDS = 0.05  # the same while every place is taken
_delivered = telemetry.counter("koinonia_webhook_attempts_total")


class AtWork:
    """The lanes that this process works now."""

    def __init__(self) -> None:
        self._rounds: dict[Lane, float] = {}  # when the round began that is under way

    def begin_round(self, lane: Lane) -> None:
        self._rounds[lane] = time.monotonic()

    def end(self, lane: Lane) -> None:
        self._rounds.pop(lane, None)

    def free(self) -> tuple[int, int]:
        """Places for quick lanes and for slow ones."""
        long_ago = time.monotonic() - LONG_SECONDS
        slow = sum(lane.is_slow for lane in self._rounds)
        quick = sum(not lane.is_slow and began > long_ago for lane, began in self._rounds.items())
        rest = max(MOST - len(self._rounds), 0)
        return min(QUICK - quick, rest), min(max(SLOW - slow, 0), rest)


async def deliver(running: Running) -> None:
    """A loop's action that lasts until the process stops."""
    at_work = AtWork()
    async with asyncio.TaskGroup() as tasks:
        while not running.stop.is_set():
            running.due.clear()
            quick, slow = at_work.free()
            claimed = await _claim(running, quick, slow) if quick or slow else []
            for lane in claimed:
                at_work.begin_round(lane)
                tasks.create_task(_work(running, lane, at_work))
            is_more_likely = bool(claimed) or not quick
            await _pause(running, BUSY_SECONDS if is_more_likely else LOOK_SECONDS)


async def _claim(running: Running, quick: int, slow: int) -> Sequence[Lane]:
    try:
        async with running.database.transaction() as session:
            return await lanes.claim(session, quick=quick, slow=slow)
    except Exception:
        log.exception("webhooks.claim_failed")
        return ()


async def _work(running: Running, lane: Lane, at_work: AtWork) -> None:
    """Rounds of one lane, until nothing is due in it or its turn is over. When something of ours
    fails, the lane is free again after its hold, and what was not noted is tried once more."""
    turn_ends = time.monotonic() + TURN_SECONDS
    try:
        async with running.database.transaction(lane.church_id) as session:
            taken = await rounds.take(session, lane, lane.failures)
            if taken is None:
                await lanes.let_go(session, lane.endpoint_id, lane.failures)
        failures = lane.failures
        while taken is not None:
            at_work.begin_round(lane)
            attempts = await _call(running, taken)
            failures = failures + 1 if _is_trouble(attempts) else 0
            is_last = bool(failures) or time.monotonic() > turn_ends or running.stop.is_set()
            taken = await _finish_round(running, lane, taken, attempts, failures, is_last=is_last)
    except Exception:
        log.exception("webhooks.lane_failed", endpoint=str(lane.endpoint_id))
    finally:
        at_work.end(lane)
        running.due.set()


async def _call(running: Running, taken: Round) -> list[Attempt]:
    now, ring = clock.now(), running.phones.ring
    receiver = taken.receiver
    secrets = receiver.secrets(ring, now)
    built = [requests.request(each, ring, receiver.scopes, secrets, now) for each in taken.due]
    outcomes = await asyncio.gather(
        *(running.caller.post(receiver.url, each.headers, each.body) for each in built)
    )
    for outcome in outcomes:
        _delivered.add(1, {"failure": str(outcome.failure or "none")})
    return [Attempt(due, now, outcome) for due, outcome in zip(taken.due, outcomes, strict=True)]


def _is_trouble(attempts: Sequence[Attempt]) -> bool:
    return all(each.outcome.is_trouble for each in attempts)


async def _finish_round(
    running: Running,
    lane: Lane,
    taken: Round,
    attempts: Sequence[Attempt],
    failures: int,
    *,
    is_last: bool,
) -> Round | None:
    """Note a round and take the next in the same transaction, or let the lane go."""
    async with running.database.transaction(lane.church_id) as session:
        await rounds.record(session, running.phones.ring, lane, taken.receiver, attempts)
        following = None if is_last else await rounds.take(session, lane, failures)
        if following is None:
            await lanes.let_go(session, lane.endpoint_id, failures)
        return following


async def _pause(running: Running, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(running.due.wait(), seconds)
