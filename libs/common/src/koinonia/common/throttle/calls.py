"""Calls of scripts in Redis: on one connection, and what is asked at the same time in one write.

A worker that sends a thousand texts a second asks as often. With a round trip for each, that alone
would take most of its processor time, and one slow answer would count as many failures.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha1
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, RedisError

from koinonia.common import retry

FAILURES = 3
REST_SECONDS = 1.0
MOST_AT_ONCE = 100

log = structlog.get_logger()


class Script:
    """A script and the name by which Redis knows it once it has seen it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.name = sha1(text.encode(), usedforsecurity=False).hexdigest()


@dataclass(slots=True)
class _Call:
    script: Script
    keys: Sequence[str]
    arguments: Sequence[Any]
    answer: asyncio.Future[Any]

    @property
    def words(self) -> tuple[Any, ...]:
        return ("EVALSHA", self.script.name, len(self.keys), *self.keys, *self.arguments)


class Calls:
    """Calls to the Redis at ``redis_url``; ``name`` is how logs and the circuit call it.

    ``timeout``: seconds that one write and its answers may take.
    """

    def __init__(self, redis_url: str, name: str, timeout: float) -> None:
        self._name = name
        self._timeout = timeout
        self._waiting: deque[_Call] = deque()
        self._sender: asyncio.Task[None] | None = None
        self._redis = Redis.from_url(
            redis_url,
            socket_timeout=timeout,
            socket_connect_timeout=timeout,
            retry=Retry(NoBackoff(), 0),
        )

    async def ask(
        self, script: Script, keys: Sequence[str], arguments: Sequence[Any]
    ) -> list[Any] | None:
        """The answer of ``script``, a list; None when Redis is away, slow or refuses.

        Never an error. An answer takes ``timeout`` seconds at most, twice that when another call
        is on its way. After ``FAILURES`` in a row Redis is left alone for ``REST_SECONDS``.
        """
        call = _Call(script, keys, arguments, asyncio.get_running_loop().create_future())
        self._waiting.append(call)
        if self._sender is None or self._sender.done():
            self._sender = asyncio.create_task(self._send())
        answer: list[Any] | None = await call.answer
        return answer

    async def close(self) -> None:
        """Close the connection; who still waits is told None."""
        if self._sender is not None:
            self._sender.cancel()
            await asyncio.gather(self._sender, return_exceptions=True)
        while self._waiting:
            self._waiting.popleft().answer.set_result(None)
        await self._redis.aclose()

    async def _send(self) -> None:
        while self._waiting:
            calls = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_AT_ONCE))]
            answers: Sequence[Any] = [None] * len(calls)
            try:
                answers = await self._answers(calls)
            finally:
                for call, answer in zip(calls, answers, strict=True):
                    if not call.answer.done():
                        call.answer.set_result(answer)

    async def _answers(self, calls: Sequence[_Call]) -> Sequence[Any]:
        try:
            async with retry.breaker(self._name, threshold=FAILURES, ttl=REST_SECONDS):
                async with asyncio.timeout(self._timeout):
                    answers = await self._exchange(calls)
                    if any(isinstance(answer, NoScriptError) for answer in answers):
                        answers = await self._introduced(calls, answers)
                if refusals := [answer for answer in answers if isinstance(answer, Exception)]:
                    raise refusals[0]
                return answers
        except retry.CircuitOpen:
            pass
        except (RedisError, OSError, TimeoutError) as failure:
            log.warning("throttle.unavailable", throttle=self._name, error=repr(failure))
        return [None] * len(calls)

    async def _introduced(self, calls: Sequence[_Call], answers: Sequence[Any]) -> Sequence[Any]:
        """Show Redis the scripts it does not know, and repeat the calls that failed for that."""
        for text in {call.script.text for call in calls}:
            await self._redis.script_load(text)
        unknown = [isinstance(answer, NoScriptError) for answer in answers]
        again = iter(
            await self._exchange([call for call, lost in zip(calls, unknown, strict=True) if lost])
        )
        return [
            next(again) if lost else answer for answer, lost in zip(answers, unknown, strict=True)
        ]

    async def _exchange(self, calls: Sequence[_Call]) -> Sequence[Any]:
        async with self._redis.pipeline(transaction=False) as pipeline:
            for call in calls:
                pipeline.execute_command(*call.words)
            return await pipeline.execute(raise_on_error=False)
