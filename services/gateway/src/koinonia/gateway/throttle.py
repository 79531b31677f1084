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

import itertools
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from urllib.parse import urlsplit

from limits import RateLimitItem

from koinonia.common.cache import TOKEN_SECONDS
from koinonia.common.identity import Identity, Role, revocation
from koinonia.common.redis_scripts import Argument, Script, ScriptCalls

MOST = 10_000
NO_SESSION = ("koinonia:revoked:-", "koinonia:role:-")

_COUNT = Script("""
-- KEYS: the marks of an ended session and of a changed role, a hash per limit, then tokens
-- ARGV: the number of limits, a new token and its lifetime; amount, seconds, cost of each limit
local limits, refusing, longest = {}, 0, 0
local last = 2 + ARGV[1]
for i = 3, last do
    local at = (i - 2) * 3
    local amount, seconds = tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
    local window = math.floor(now / seconds)
    local share = 1 - (now / seconds - window)
    local kept = redis.call('HMGET', KEYS[i], 'window', 'count', 'before')
    local age = kept[1] and window - tonumber(kept[1]) or 2
    local count = age == 0 and tonumber(kept[2]) or 0
    local before = age == 0 and tonumber(kept[3]) or age == 1 and tonumber(kept[2]) or 0
    if before * share + count + 1 > amount then
        local wait = share + 1 - (amount - 1) / math.max(count, 1)
        if count < amount then wait = share - (amount - 1 - count) / before end
        if wait * seconds >= longest then refusing, longest = i - 2, wait * seconds end
    end
    limits[i] = {window, count + ARGV[at + 3], before, 2 * seconds}
end
if refusing == 0 then
    for i = 3, last do
        local window, count, before, lifetime = unpack(limits[i])
        redis.call('HSET', KEYS[i], 'window', window, 'count', count, 'before', before)
        redis.call('EXPIRE', KEYS[i], lifetime)
    end
end
local ended, role = redis.call('EXISTS', KEYS[1]), redis.call('GET', KEYS[2]) or ''
local answer = {ended, role, refusing, math.ceil(longest * 1000)}
for i = last + 1, #KEYS do
    local token = redis.call('GET', KEYS[i])
    if not token then
        token = ARGV[2]
        redis.call('SET', KEYS[i], token, 'EX', ARGV[3])
    end
    answer[#answer + 1] = token
end
return answer
""")


@dataclass(frozen=True, slots=True)
class Count:
    """One count against ``limit`` under ``key``; with ``cost`` 0 it only asks."""

    key: str
    limit: RateLimitItem
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


class Throttle:
    """Counts in the Redis at ``url``; an answer takes ``timeout`` seconds at most."""

    def __init__(self, url: str, timeout: float) -> None:
        # Its address makes the circuit that of this Redis: one that is away closes no other.
        self._calls = ScriptCalls(url, f"limits@{urlsplit(url).netloc.rpartition('@')[2]}", timeout)
        self.recent_failures = RecentKeys()
        self._name, self._numbers = secrets.token_hex(12) + ":", itertools.count()

    async def ask(
        self,
        counts: Sequence[Count],
        identity: Identity | None = None,
        token_keys: Sequence[str] = (),
    ) -> Verdict:
        """Count and judge, and read tokens; never an error. A token that does not exist is made:
        what is kept by the absence of one would be good again after Redis lost its memory."""
        keys = [*_marks(identity)]
        # A name that no process gives twice; what it costs to draw one would be paid each time.
        fresh = f"{self._name}{next(self._numbers)}" if token_keys else ""
        arguments: list[Argument] = [len(counts), fresh, TOKEN_SECONDS]
        for count in counts:
            keys.append(f"gateway:limit:{count.key}")
            arguments += [count.limit.amount, count.limit.get_expiry(), count.cost]
        keys += token_keys
        answer = await self._calls.ask(_COUNT, keys, arguments)
        if answer is None:
            return UNCOUNTED
        ended, role, refusing, milliseconds, *tokens = answer
        refused = counts[refusing - 1] if refusing else None
        highest = Role(role.decode()) if role else None
        return Verdict(
            True,
            bool(ended),
            highest,
            refused,
            max(1, ceil(milliseconds / 1000)),
            tuple(tokens) or None,
            self._calls.run,
        )

    async def close(self) -> None:
        await self._calls.close()


def _marks(identity: Identity | None) -> tuple[str, str]:
    if identity is None:
        return NO_SESSION
    return revocation.key(identity.session_id), revocation.role_key(identity.admin_id)
