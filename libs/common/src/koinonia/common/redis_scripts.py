"""Scripts in Redis: each is one step, called on one connection, and what is asked at the same time
in one write.

A worker that sends a thousand texts a second asks as often. With a round trip for each, that alone
would take most of its processor time, and one slow answer would count as many failures.
"""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from hashlib import sha1
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, RedisError

from koinonia.common import retry

FAILURES = 3
REST_SECONDS = 1.0
LOG_SECONDS = 60.0
SLICES = 10  # of a time-out; a blocked loop costs one of them, however long
MOST_AT_ONCE = 100

PRELUDE = """
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1000000
local function keep(key, seconds)
    if redis.call('TTL', key) < seconds then redis.call('EXPIRE', key, seconds) end
end
"""
"""What every script may use: the time of Redis in seconds, on which all processes agree, and
``keep``, which lets a key live at least so long."""

Argument = str | float
LateArguments = Callable[[], Sequence[Argument]]
"""Called right before a call is sent, so that others may still take part in it until then."""
Answer = list[Any]  # Any: whatever a script returns; who asks knows its form

log = structlog.get_logger()


Words = tuple[Argument, ...]  # a command of Redis
_TEXTS: dict[str, str] = {}  # of all scripts, by their names


@contextlib.asynccontextmanager
async def patience(seconds: float) -> AsyncIterator[None]:
    """As ``asyncio.timeout``, but time in which the event loop was blocked hardly counts: an answer
    may have arrived meanwhile, and it is read before the time is over. So what is called slow is
    Redis and not this process."""
    loop = asyncio.get_running_loop()
    left, timer = SLICES, None

    def tick() -> None:
        nonlocal left, timer
        left -= 1
        timer = loop.call_later(seconds / SLICES, tick) if left else None
        if not left:
            scope.reschedule(loop.time())

    async with asyncio.timeout(None) as scope:
        timer = loop.call_later(seconds / SLICES, tick)
        try:
            yield
        finally:
            if timer:
                timer.cancel()


class Script:
    """A script below :data:`PRELUDE`, and the name by which Redis knows it once it has seen it."""

    def __init__(self, text: str) -> None:
        self.text = PRELUDE + text
        self.name = sha1(self.text.encode(), usedforsecurity=False).hexdigest()
        _TEXTS[self.name] = self.text


@dataclass(slots=True)
class _Call:
    script: Script
    keys: Sequence[str]
    arguments: Sequence[Argument] | LateArguments
    answer: asyncio.Future[Answer | None]

    def words(self) -> Words:
        """What is sent; asked for once, right before."""
        arguments = self.arguments() if callable(self.arguments) else self.arguments
        return ("EVALSHA", self.script.name, len(self.keys), *self.keys, *arguments)


class ScriptCalls:
    """Calls to the Redis at ``redis_url``; ``name`` is how logs and the circuit call it.

    ``timeout``: seconds that one write and its answers may take.
    """

    def __init__(self, redis_url: str, name: str, timeout: float) -> None:
        self._name = name
        self._timeout = timeout
        self._waiting: deque[_Call] = deque()
        self._is_busy = False
        self._sender: asyncio.Task[None] | None = None
        self._logged_at = float("-inf")
        self.run = 0
        """Grows with each connection and each failure: between two answers of one run Redis was
        there all the time, and knows what it knew."""
        self._redis = Redis.from_url(
            redis_url,
            redis_connect_func=self._connected,
            # We time whole exchanges; for a timeout of its own redis-py starts a task per command
            # on Python 3.11.
            socket_timeout=None,
            retry=Retry(NoBackoff(), 0),
        )

    async def ask(
        self, script: Script, keys: Sequence[str], arguments: Sequence[Argument] | LateArguments
    ) -> Answer | None:
        """The answer of ``script``; None when Redis is away, slow or refuses.

        Never an error. An answer takes ``timeout`` seconds at most, twice that when another call
        is on its way. After ``FAILURES`` in a row Redis is left alone for ``REST_SECONDS``.
        """
        return await self.begin(script, keys, arguments)

    def begin(
        self, script: Script, keys: Sequence[str], arguments: Sequence[Argument] | LateArguments
    ) -> asyncio.Future[Answer | None]:
        """The same for who waits for the answer in another way."""
        call = _Call(script, keys, arguments, asyncio.get_running_loop().create_future())
        self._waiting.append(call)
        if not self._is_busy:
            self._is_busy = True
            # A task begins when those that are ready by now have run: what they ask goes along.
            self._sender = asyncio.create_task(self._send())
        return call.answer

    async def close(self) -> None:
        """Close the connection; calls that still wait are answered None."""
        if self._sender is not None:
            self._sender.cancel()
            await asyncio.gather(self._sender, return_exceptions=True)
        _settle(self._waiting, [None] * len(self._waiting))
        self._waiting.clear()
        await self._redis.aclose()

    async def _send(self) -> None:
        """Ask for those who wait, until nobody does."""
        try:
            while self._waiting:
                number = min(len(self._waiting), MOST_AT_ONCE)
                calls = [self._waiting.popleft() for _ in range(number)]
                answers: Sequence[Answer | None] = [None] * len(calls)
                try:
                    answers = await self._answers([call.words() for call in calls])
                finally:
                    _settle(calls, answers)
        finally:
            self._is_busy = False

    async def _answers(self, calls: Sequence[Words]) -> Sequence[Answer | None]:
        answers: list[Answer | None] = [None] * len(calls)
        try:
            async with retry.breaker(self._name, threshold=FAILURES, ttl=REST_SECONDS):
                async with patience(self._timeout):
                    given = await self._exchange(calls)
                    if any(isinstance(each, NoScriptError) for each in given):
                        given = await self._introduced(calls, given)
                answers = [_understood(each) for each in given]
                for each in given:
                    if isinstance(each, Exception):  # of one call: the others have their answers
                        raise each
        except retry.CircuitOpen:
            pass
        except (RedisError, OSError, TimeoutError) as failure:
            self.run += 1
            self._log(failure)
        return answers

    async def _introduced(
        self, calls: Sequence[Words], answers: Sequence[object]
    ) -> Sequence[object]:
        """Show Redis the scripts it does not know, and repeat the calls that failed for that."""
        for name in {call[1] for call in calls}:
            await self._redis.script_load(_TEXTS[str(name)])
        unknown = [isinstance(answer, NoScriptError) for answer in answers]
        again = iter(
            await self._exchange([call for call, lost in zip(calls, unknown, strict=True) if lost])
        )
        return [
            next(again) if lost else answer for answer, lost in zip(answers, unknown, strict=True)
        ]

    async def _exchange(self, calls: Sequence[Words]) -> Sequence[object]:
        """What Redis says to each call, be it an error."""
        async with self._redis.pipeline(transaction=False) as pipeline:
            for call in calls:
                pipeline.execute_command(*call)
            return await pipeline.execute(raise_on_error=False)

    async def _connected(self, connection: AbstractConnection) -> None:
        self.run += 1
        await connection.on_connect()

    def _log(self, failure: Exception) -> None:
        """Once a minute: the circuit says the rest."""
        now = time.monotonic()
        if now - self._logged_at >= LOG_SECONDS:
            self._logged_at = now
            log.warning("redis.unavailable", circuit=self._name, error=repr(failure))


def _settle(calls: Sequence[_Call], answers: Sequence[Answer | None]) -> None:
    for call, answer in zip(calls, answers, strict=True):
        if not call.answer.done():
            call.answer.set_result(answer)


def _understood(answer: object) -> Answer | None:
    if isinstance(answer, Exception):
        return None
    return answer if isinstance(answer, list) else []
