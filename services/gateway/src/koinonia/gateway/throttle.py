"""Counts requests in Redis, in one round trip, and asks in it whether a session was ended or its
admin's role lowered.

A limit of ``amount`` in ``seconds`` is a sliding window of two counters: the present window and
that share of the one before which still overlaps it. All limits of a request are checked before
any is counted, so a refused request uses up nothing. Time is that of Redis: gateways agree.

One script instead of the strategies of ``limits``, which ask Redis once per limit: with two limits
and the revocation that took 3.6 times the processor time. The notation of a limit and its type are
those of ``limits``.

When Redis is away or slow, the verdict says that nothing was counted. After three failures in a row
Redis is left alone for a second, and a line is logged at most once a minute.
"""

import asyncio
import itertools
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, repeat
from math import ceil
from typing import NamedTuple
from urllib.parse import urlsplit

from limits import RateLimitItem

from koinonia.common.cache import TOKEN_SECONDS
from koinonia.common.identity import Identity, Role, revocation
from koinonia.common.redis_scripts import Answer, Argument, Script, ScriptCalls

MOST = 10_000
NO_SESSION = ("koinonia:revoked:-", "koinonia:role:-")

_COUNT = Script("""
-- KEYS: the marks of an ended session and of a changed role, a hash per limit, then tokens
-- ARGV: the number of limits; amount, seconds, cost of each; then how many requests ask all this at
--   once, a new token and its lifetime
local last, after = 2 + ARGV[1], 1 + 3 * ARGV[1]
local asking = tonumber(ARGV[after + 1])
local limits, allowed = {}, asking
for i = 3, last do
    local at = (i - 3) * 3 + 1
    local amount, seconds, cost = ARGV[at + 1], tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
    local window = math.floor(now / seconds)
    local share = 1 - (now / seconds - window)
    local kept = redis.call('HMGET', KEYS[i], 'window', 'count', 'before')
    local age = kept[1] and window - tonumber(kept[1]) or 2
    local count = age == 0 and tonumber(kept[2]) or 0
    local before = age == 0 and tonumber(kept[3]) or age == 1 and tonumber(kept[2]) or 0
    local left = math.floor(amount - count - before * share)
    if cost == 0 and left > 0 then left = asking end
    allowed = math.max(0, math.min(allowed, left))
    limits[i] = {window, count, before, seconds, cost, share, tonumber(amount)}
end
local refusing, longest = 0, 0
for i = 3, last do
    local window, count, before, seconds, cost, share, amount = unpack(limits[i])
    count = count + cost * allowed
    if allowed > 0 then
        redis.call('HSET', KEYS[i], 'window', window, 'count', count, 'before', before)
        redis.call('EXPIRE', KEYS[i], 2 * seconds)
    end
    if allowed < asking and before * share + count + 1 > amount then
        local wait = share + 1 - (amount - 1) / math.max(count, 1)
        if count < amount then wait = share - (amount - 1 - count) / before end
        if wait * seconds >= longest then refusing, longest = i - 2, wait * seconds end
    end
end
local known = redis.call('MGET', KEYS[1], KEYS[2], unpack(KEYS, last + 1))
local answer = {known[1] and 1 or 0, known[2] or '', allowed, refusing, math.ceil(longest * 1000)}
for i = 3, #known do
    local token = known[i]
    if not token then
        token = ARGV[after + 2]
        redis.call('SET', KEYS[last - 2 + i], token, 'EX', ARGV[after + 3])
    end
    answer[#answer + 1] = token
end
return answer
""")


@dataclass(frozen=True, slots=True)
class Count:
    """One count against ``limit`` under ``key``; with ``cost`` 0 it only asks."""

    key: str
    limit: RateLimitItem = field(hash=False)  # which the key says already
    cost: int = 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of Redis: whether the session was ended, the role of its admin where that changed
    lately, and which count was one too many."""

    is_counted: bool = True
    ended: bool = False
    role: Role | None = None
    refused: Count | None = None
    seconds: int = 0  # until the next request passes
    tokens: tuple[bytes, ...] | None = None  # of what the request reads, None for nothing
    run: int = 0  # of which connection to Redis they are


UNCOUNTED = Verdict(is_counted=False)
_Waiting = list[asyncio.Future[Verdict]]


class RecentKeys:
    """The last ``MOST`` keys that this process added, each for a time."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    def add(self, key: str, seconds: float) -> None:
        self._until.pop(key, None)
        self._until[key] = time.monotonic() + seconds
        if len(self._until) > MOST:
            del self._until[next(iter(self._until))]

    def has(self, key: str) -> bool:
        until = self._until.get(key)
        if until is not None and until < time.monotonic():
            del self._until[key]
            return False
        return until is not None


class _Question(NamedTuple):
    """What is asked of Redis: by whom, to be counted under what, to read which tokens."""

    marks: tuple[str, str]
    counts: tuple[Count, ...]
    token_keys: tuple[str, ...]

    @property
    def keys(self) -> list[str]:
        limits = (f"gateway:limit:{each.key}" for each in self.counts)
        return [*self.marks, *limits, *self.token_keys]


class Throttle:
    """Counts in the Redis at ``url``; an answer takes ``timeout`` seconds at most.

    Requests that ask the same are one question until that is sent, and are counted in one step: of
    ten, where seven are left, the first seven pass. So a page that asks for much at once costs
    Redis one call, and what a request is told was true after it came.
    """

    def __init__(self, url: str, timeout: float) -> None:
        # Its address makes the circuit that of this Redis: one that is away closes no other.
        self._calls = ScriptCalls(url, f"limits@{urlsplit(url).netloc.rpartition('@')[2]}", timeout)
        self.recent_failures = RecentKeys()
        self._name, self._numbers = secrets.token_hex(12) + ":", itertools.count()
        self._unsent: dict[_Question, _Waiting] = {}

    async def ask(
        self,
        counts: Sequence[Count],
        identity: Identity | None = None,
        token_keys: tuple[str, ...] = (),
    ) -> Verdict:
        """Count and judge, and read tokens; never an error. A token that does not exist is made:
        what is kept by the absence of one would be good again after Redis lost its memory."""
        question = _Question(_marks(identity), tuple(counts), token_keys)
        verdict: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
        if waiting := self._unsent.get(question):
            waiting.append(verdict)
        else:
            self._unsent[question] = [verdict]
            self._begin(question, self._unsent[question])
        return await verdict

    async def close(self) -> None:
        await self._calls.close()

    def _begin(self, question: _Question, waiting: _Waiting) -> None:
        counts = question.counts

        def arguments() -> list[Argument]:
            del self._unsent[question]  # whoever comes now asks anew
            limits = [(each.limit.amount, each.limit.get_expiry(), each.cost) for each in counts]
            # A name that no process gives twice; what it costs to draw one would be paid each time.
            fresh = f"{self._name}{next(self._numbers)}"
            return [len(counts), *chain(*limits), len(waiting), fresh, TOKEN_SECONDS]

        def answered(answer: asyncio.Future[Answer | None]) -> None:
            verdicts = self._verdicts(counts, answer.result())
            for verdict, given in zip(waiting, verdicts, strict=False):
                if not verdict.done():
                    verdict.set_result(given)

        self._calls.begin(_COUNT, question.keys, arguments).add_done_callback(answered)

    def _verdicts(self, counts: Sequence[Count], answer: Answer | None) -> Iterator[Verdict]:
        """What the script said, to each of those who asked."""
        if answer is None:
            yield from repeat(UNCOUNTED)
            return
        ended, role, allowed, refusing, milliseconds, *tokens = answer
        passed = Verdict(
            ended=bool(ended),
            role=Role(role.decode()) if role else None,
            tokens=tuple(tokens) or None,
            run=self._calls.run,
        )
        yield from repeat(passed, allowed)
        if refusing:
            refused, seconds = counts[refusing - 1], max(1, ceil(milliseconds / 1000))
            yield from repeat(replace(passed, refused=refused, seconds=seconds))


def _marks(identity: Identity | None) -> tuple[str, str]:
    if identity is None:
        return NO_SESSION
    return revocation.key(identity.session_id), revocation.role_key(identity.admin_id)
