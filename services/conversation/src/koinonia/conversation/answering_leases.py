"""Leases in Redis: somebody answers a thread, for 30 seconds unless they say so again.

Redis holds only what may vanish: while it is away nobody is seen to answer, and nothing fails. Its
clock decides, on which all processes agree. What was announced is kept beside the leases, so that
each beginning is announced once and has one end.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from koinonia.common.redis_scripts import Script, ScriptCalls

SECONDS = 30
MOST = 5
"""Threads that one person answers at a time; with one more the oldest ends."""
TIMEOUT = 0.25  # seconds
KEPT = 120  # seconds: a key without leases, until Redis forgets it
ANNOUNCED = "conversation:presence:announced"

# KEYS: of the thread, of the person, of all that was announced. The names of the latter are church,
# thread and person.
_HOLD = Script("""
local thread, admin, church, most = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local expires = math.ceil(now + tonumber(ARGV[5]))
local kept = tonumber(ARGV[6])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZADD', KEYS[1], expires, admin)
redis.call('ZADD', KEYS[2], expires, thread)
keep(KEYS[1], kept)
keep(KEYS[2], kept)
local began = redis.call('ZADD', KEYS[3], expires, church .. ' ' .. thread .. ' ' .. admin)
local answer = {began, tostring(expires)}
local over = redis.call('ZCARD', KEYS[2]) - most
if over > 0 then
    for _, other in ipairs(redis.call('ZRANGE', KEYS[2], 0, over - 1)) do
        redis.call('ZREM', KEYS[2], other)
        redis.call('ZREM', ARGV[7] .. other, admin)
        if redis.call('ZREM', KEYS[3], church .. ' ' .. other .. ' ' .. admin) == 1 then
            table.insert(answer, other)
        end
    end
end
return answer
""")
_END = Script("""
local thread, admin, church = ARGV[1], ARGV[2], ARGV[3]
redis.call('ZREM', KEYS[1], admin)
redis.call('ZREM', KEYS[2], thread)
return {redis.call('ZREM', KEYS[3], church .. ' ' .. thread .. ' ' .. admin)}
""")
_SHOW = Script("""
return redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. now, '+inf', 'WITHSCORES', 'LIMIT', 0, 20)
""")
_EXPIRE = Script("""
local names = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, tonumber(ARGV[1]))
for _, name in ipairs(names) do redis.call('ZREM', KEYS[1], name) end
return names
""")


class Held(NamedTuple):
    """``ended`` are threads that the person answers no more because there were too many."""

    is_new: bool
    expires_at: datetime
    ended: Sequence[UUID]


class Answering(NamedTuple):
    admin_id: UUID
    expires_at: datetime


class Lapsed(NamedTuple):
    church_id: UUID
    thread_id: UUID
    admin_id: UUID


class AnsweringLeases:
    """The leases in the Redis at ``redis_url``. Nothing here raises an error of Redis."""

    def __init__(self, redis_url: str) -> None:
        self._calls = ScriptCalls(redis_url, "presence", TIMEOUT)

    async def hold(self, church_id: UUID, thread_id: UUID, admin_id: UUID) -> Held | None:
        """Begin or renew; None while Redis is away."""
        answer = await self._calls.ask(
            _HOLD,
            _keys(church_id, thread_id, admin_id),
            [
                *(str(thread_id), str(admin_id), str(church_id)),
                *(MOST, SECONDS, KEPT, _thread_prefix(church_id)),
            ],
        )
        if answer is None:
            return None
        began, expires, *ended = answer
        return Held(bool(began), _instant(expires), [UUID(_text(each)) for each in ended])

    async def end(self, church_id: UUID, thread_id: UUID, admin_id: UUID) -> bool:
        """Whether there was one."""
        names = [str(thread_id), str(admin_id), str(church_id)]
        answer = await self._calls.ask(_END, _keys(church_id, thread_id, admin_id), names)
        return bool(answer and answer[0])

    async def shown(self, church_id: UUID, thread_id: UUID) -> list[Answering]:
        """Twenty at most who answer the thread now, who ends first before."""
        answer = await self._calls.ask(_SHOW, [f"{_thread_prefix(church_id)}{thread_id}"], [])
        pairs = zip((answer or [])[::2], (answer or [])[1::2], strict=True)
        return [Answering(UUID(_text(admin)), _instant(at)) for admin, at in pairs]

    async def lapsed(self, most: int) -> list[Lapsed]:
        """Up to ``most`` that ended by themselves, each told to one caller only."""
        answer = await self._calls.ask(_EXPIRE, [ANNOUNCED], [most])
        return [Lapsed(*map(UUID, _text(each).split())) for each in answer or []]

    async def close(self) -> None:
        await self._calls.close()


def _thread_prefix(church_id: UUID) -> str:
    return f"conversation:presence:thread:{church_id}:"


def _keys(church_id: UUID, thread_id: UUID, admin_id: UUID) -> list[str]:
    person = f"conversation:presence:admin:{church_id}:{admin_id}"
    return [f"{_thread_prefix(church_id)}{thread_id}", person, ANNOUNCED]


def _instant(seconds: bytes | str) -> datetime:
    return datetime.fromtimestamp(float(_text(seconds)), UTC)


def _text(said: bytes | str) -> str:
    return said.decode() if isinstance(said, bytes) else said
