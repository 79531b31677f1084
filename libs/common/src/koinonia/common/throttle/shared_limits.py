"""The limits that all workers share, in Redis."""

import asyncio
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from koinonia.common import telemetry
from koinonia.common.redis_scripts import Argument, Script, ScriptCalls
from koinonia.common.throttle import scripts
from koinonia.common.throttle.buckets import Bucket, Limit
from koinonia.common.throttle.local_limits import Alone

LOOK_AGAIN_SECONDS = 1.0
"""The longest that a waiter sleeps at once: figures may change, a hold may begin."""

GRACE_SECONDS = 1.0
"""How late a waiter may be before its place in the line is given up."""

log = structlog.get_logger()
_TAKE, _HOLD = Script(scripts.TAKE), Script(scripts.HOLD)
_takes = telemetry.counter("koinonia_throttle_takes_total")


@dataclass(slots=True)
class _Ticket:
    """A waiter's place: ``order`` is given by Redis when it first asks, and kept."""

    patience: float = 0.0
    urgent: bool = False
    name: str = ""
    order: str = "0"


@dataclass(slots=True)
class _Question:
    """What one call sends; ``told`` is what it reports of grants that Redis did not see."""

    keys: list[str] = field(default_factory=list)
    arguments: list[Argument] = field(default_factory=list)
    told: dict[str, float] = field(default_factory=dict)


class Throttle:
    """Limits in the Redis at ``redis_url``, their names below ``prefix`` (the service's name).

    Throttles with the same ``prefix`` share their limits, in whatever process they are.
    ``fraction``: the share of each rate that this process takes while Redis is away; at most one
    divided by the number of processes, if the sum is to stay within the rate. ``timeout``: seconds
    after which Redis counts as away. ``offset``: seconds added to the clock of Redis, for tests.
    """

    def __init__(
        self,
        redis_url: str,
        prefix: str,
        *,
        fraction: float = 0.25,
        timeout: float = 0.1,
        offset: float = 0.0,
    ) -> None:
        self.offset = offset
        self._prefix = prefix
        self._process = secrets.token_hex(4)
        self._alone = Alone(fraction)
        self._calls = ScriptCalls(redis_url, f"throttle.{prefix}", timeout)

    async def take(self, limits: Sequence[Limit], units: int, *, urgent: bool = False) -> float:
        """Take ``units`` from all of ``limits`` or from none, without waiting.

        Returns 0.0 when they are taken, else the seconds until the slowest limit would allow it.
        Nobody is overtaken: what waiters of the same urgency stand in line for is not given away.
        Raises ValueError when ``units`` is below 1 or a key appears twice; never for Redis.
        """
        return await self._ask(limits, units, _Ticket(urgent=urgent))

    async def wait(
        self, limits: Sequence[Limit], units: int, deadline: float, *, urgent: bool = False
    ) -> float:
        """Take ``units`` from all of ``limits``, waiting in line for them until ``deadline``.

        ``deadline`` is an instant of ``time.monotonic()``. Returns 0.0 when they are taken. When
        that cannot be before the deadline, it returns at once the seconds it would take, with
        nothing taken: so a caller can let go of its work instead of holding it. ``urgent`` goes
        ahead of all waiters that are not. Raises as :meth:`take`.
        """
        ticket = _Ticket(urgent=urgent, name=secrets.token_hex(6))
        while True:
            ticket.patience = max(0.0, deadline - time.monotonic())
            seconds = await self._ask(limits, units, ticket)
            if seconds == 0 or seconds > ticket.patience:  # as Redis judged it: we left the line
                return seconds
            await asyncio.sleep(min(max(seconds, 0.001), LOOK_AGAIN_SECONDS))

    async def hold(self, key: str, seconds: float) -> None:
        """Give nothing more of the limit ``key`` for ``seconds``, to no worker.

        For a carrier's ``Retry-After``. A hold is never shortened. While Redis is away only this
        process keeps to it.
        """
        if seconds <= 0:
            return
        self._alone.hold(key, seconds)
        log.warning("throttle.held", throttle=self._prefix, key=key, seconds=seconds)
        await self._calls.ask(_HOLD, [self._state(key)], [self.offset, seconds])

    async def close(self) -> None:
        """Close the connections. What was taken stays taken."""
        await self._calls.close()

    async def _ask(self, limits: Sequence[Limit], units: int, ticket: _Ticket) -> float:
        _check(limits, units)
        if held := self._alone.held(limits):
            return held
        question = self._question(limits, units, ticket)
        answer = await self._calls.ask(_TAKE, question.keys, question.arguments)
        if answer is None:
            for limit in limits:
                if isinstance(limit, Bucket):
                    self._alone.owe(limit.key, question.told.get(limit.key, 0.0))
            seconds = self._alone.take(limits, units, self.offset)
            _takes.add(1, {"throttle": self._prefix, "result": "alone"})
            return seconds
        self._learn(limits, question, answer[2:])
        ticket.order = answer[1].decode()
        _takes.add(1, {"throttle": self._prefix, "result": "refused" if answer[0] else "granted"})
        return float(answer[0]) / 1_000_000

    def _question(self, limits: Sequence[Limit], units: int, ticket: _Ticket) -> _Question:
        question = _Question()
        question.arguments = [
            *(self.offset, units, ticket.name, ticket.order, int(ticket.urgent)),
            *(ticket.patience, GRACE_SECONDS),
        ]
        for limit in limits:
            state = self._state(limit.key)
            question.keys += (state, f"{state}:line")
            question.arguments += self._described(limit, question.told)
        return question

    def _described(self, limit: Limit, told: dict[str, float]) -> tuple[Argument, ...]:
        if isinstance(limit, Bucket):
            owed = told[limit.key] = self._alone.owed(limit)
            return ("bucket", limit.rate_per_second, limit.burst, limit.lifetime, owed)
        day = self._alone.day(limit, self.offset)
        told[limit.key] = day.granted
        return (
            *("cap", limit.limit, limit.lifetime, self._process),
            *(day.granted, day.seen + day.untold, day.began),
            *limit.midnights(self.offset),
        )

    def _learn(self, limits: Sequence[Limit], question: _Question, answer: list[bytes]) -> None:
        self._alone.rest()
        caps = (limit for limit in limits if not isinstance(limit, Bucket))
        for cap, began, total in zip(caps, answer[::2], answer[1::2], strict=True):
            self._alone.learn(cap, float(began), float(total), question.told[cap.key])

    def _state(self, key: str) -> str:
        # In braces, so that a cluster keeps all limits that are taken together in one place.
        return f"{{{self._prefix}:limits}}:{key}"


def _check(limits: Sequence[Limit], units: int) -> None:
    if units < 1:
        raise ValueError(f"{units} units cannot be taken; the least is 1.")
    if len({limit.key for limit in limits}) < len(limits):
        raise ValueError("Each limit needs a key of its own: one of them appears twice.")
