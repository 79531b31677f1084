"""Cache-aside on Redis: a value may vanish, is computed once, and never makes a request fail.

::

    stats = await cache.fetch(
        f"stats:{church_id}", compute, ttl=60, stale=300, tags=[f"church:{church_id}"]
    )
    await cache.invalidate(f"church:{church_id}")

For ``ttl`` seconds a value is fresh and answered from Redis. For ``stale`` seconds more it is
answered too, while one caller computes it anew in the background. After that, or once one of its
tags was invalidated, callers wait for a new one. It is computed once: callers in one process share
one computation, and a lock in Redis keeps other processes from repeating it; they wait a moment
for it and then compute themselves.

A value is stored with the token that each of its tags had *before* it was computed, and is good
only while they are the same. So ``invalidate`` is one write however many values there are, and a
computation that began before it cannot bring the old value back.

What a key begins with, up to a colon, is its kind. ``koinonia_cache_fetches_total`` counts by
``cache``, ``kind`` and ``result`` (hit, stale, miss; error where Redis did not answer), so the
share of hits is known for each.

When Redis is away or slow (250 ms) every fetch is a miss, and after three failures in a row Redis
is not asked for two seconds. What was invalidated in that time is computed anew by this process
each time it is asked for, and forgotten by all of them as soon as Redis answers again; only a
process that ends before leaves old values for their ``ttl``. Until then it says with each answer
which tags those are (``unsaid``), to the edge, which keeps answers of its own.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast
from uuid import UUID, uuid4

import orjson
import structlog
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.lock import Lock
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import LockError, RedisError
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, retry, telemetry

REDIS_TIMEOUT = 0.25
LOCK_SECONDS = 10.0
WAIT_SECONDS = 2.0
LATE_SECONDS = 0.5  # between attempts to say what Redis did not hear
LONGEST = 24 * 3600
"""No value lives longer (``ttl`` and ``stale`` together): the token of a tag lives a day more."""

TOKEN_SECONDS = 2 * LONGEST

T = TypeVar("T")
Work = Coroutine[object, object, T]
Compute = Callable[[], Awaitable[object]]
CACHE = "cache"  # the key in session.info
FORGOTTEN = "koinonia forgotten"  # so is this: tags that this transaction invalidates already
Tokens = tuple[str | None, ...]

log = structlog.get_logger()
_fetches = telemetry.counter("koinonia_cache_fetches_total")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value is kept and for how long."""

    key: str
    tags: tuple[str, ...]
    ttl: float
    stale: float
    is_locked: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """What Redis said: the tokens of the tags now, and the value unless it is of no use."""

    tokens: Tokens
    body: bytes | None = None
    is_fresh: bool = False

    @property
    def result(self) -> str:
        if self.body is None:
            return "miss"
        return "hit" if self.is_fresh else "stale"


class _Once(Generic[T]):
    """Tasks by name: while one runs, whoever asks for the same name gets the same task."""

    def __init__(self) -> None:
        self._running: dict[object, asyncio.Task[T]] = {}

    def run(self, name: object, work: Callable[[], Work[T]]) -> asyncio.Task[T]:
        if (task := self._running.get(name)) is None:
            task = self._running[name] = asyncio.create_task(work())
            task.add_done_callback(lambda done: self._finished(name, done))
        return task

    def _finished(self, name: object, task: asyncio.Task[T]) -> None:
        del self._running[name]
        if not task.cancelled():
            task.exception()  # seen, even if every caller has gone away

    async def cancel(self) -> None:
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Cache:
    """A cache of JSON values under one prefix, normally the name of the service."""

    def __init__(self, redis_url: str, prefix: str) -> None:
        self._prefix = prefix
        self._redis = Redis.from_pool(
            BlockingConnectionPool.from_url(
                redis_url,
                max_connections=32,
                timeout=REDIS_TIMEOUT,
                socket_timeout=REDIS_TIMEOUT,
                socket_connect_timeout=REDIS_TIMEOUT,
                retry=Retry(NoBackoff(), 0),
            )
        )
        self._computations = _Once[bytes]()
        self._renewals = _Once[None]()
        self._unsaid: dict[str, None] = {}  # tags that were invalidated and Redis does not know it
        self._saying = _Once[None]()
        self._invalidations = 0

    async def fetch(
        self,
        key: str,
        compute: Compute,
        *,
        ttl: float,
        stale: float = 0,
        tags: Iterable[str] = (),
        lock: bool = True,
    ) -> Any:  # Any: JSON of what compute made, whose form the caller knows
        """The value under ``key``, computed when there is none; always as JSON gives it back.

        ``compute`` returns what orjson can write. It runs in a task of its own, which may outlive
        the caller: it opens the transaction it needs and uses nothing of the request. What it
        raises reaches every caller that waits for it, and nothing is stored. A caller must use
        the same ``tags`` for the same key. ``lock=False`` is for what is computed as quickly as
        three commands of Redis: two processes may then compute it at one time.
        """
        kept = await self.fetch_bytes(key, compute, ttl=ttl, stale=stale, tags=tags, lock=lock)
        return orjson.loads(kept)

    async def fetch_bytes(
        self,
        key: str,
        compute: Compute,
        *,
        ttl: float,
        stale: float = 0,
        tags: Iterable[str] = (),
        lock: bool = True,
    ) -> bytes:
        """The same as the JSON that is kept: the same bytes as long as the value is the same."""
        if ttl + stale > LONGEST:
            raise ValueError(f"ttl and stale together may be {LONGEST} s at most.")
        marks = tuple(self._name("t", t) for t in tags)
        place = _Place(self._name("v", key), marks, ttl, stale, lock)
        found = None if self._is_unsaid(marks) else await self._look_up(place)
        kind = key.partition(":")[0]
        result = found.result if found else "error"
        _fetches.add(1, {"cache": self._prefix, "kind": kind, "result": result})
        if found and found.body is not None:
            if not found.is_fresh:
                self._renewals.run(place.key, lambda: self._renew(place, compute))
            return found.body
        # The tokens are part of the name: who asks after an invalidation must not be given what
        # began to be computed before it. Without them, what this process itself knows must do.
        name = (place.key, found.tokens if found else self._invalidations)
        task = self._computations.run(name, lambda: self._make(place, compute, found))
        return await asyncio.shield(task)

    async def invalidate(self, tag: str) -> None:
        """Make every value with this tag be computed anew when it is next asked for."""
        self._invalidations += 1
        name = self.token_key(tag)
        if not await self._mark(name):
            self._unsaid.pop(name, None)
            self._unsaid[name] = None
            self._is_unsaid((name,))

    async def invalidate_rows(self, church_id: UUID, tables: Iterable[str]) -> None:
        """The same for all that was made of these tables' rows of a church (:func:`rows_tag`)."""
        for table in tables:
            await self.invalidate(rows_tag(str(church_id), table))

    async def hand_on(self, token_keys: Collection[str]) -> None:
        """Change tokens that another process could not (its ``unsaid``), now or as soon as Redis
        answers; never an error. It is tried whatever the circuit says, because somebody waits for
        it who will read what changed; a Redis that refuses costs nothing, one that hangs 250 ms."""
        self._unsaid.update(dict.fromkeys(token_keys))
        try:
            async with asyncio.timeout(REDIS_TIMEOUT):
                async with self._redis.pipeline(transaction=False) as pipeline:
                    for name in token_keys:
                        pipeline.set(name, uuid4().hex, ex=TOKEN_SECONDS)
                    await pipeline.execute()
        except (RedisError, OSError, TimeoutError) as failure:
            log.warning("cache.unavailable", cache=self._prefix, error=repr(failure))
            self._is_unsaid(token_keys)
            return
        for name in token_keys:
            self._unsaid.pop(name, None)

    async def put(self, key: str, body: bytes, *, seconds: int) -> bool:
        """Keep bytes as they are for so long, for any process that asks for ``key``. False when
        Redis did not hear it."""
        name = self._name("b", key)
        return await self._ask(lambda: self._redis.set(name, body, ex=seconds)) is not None

    async def get(self, key: str) -> bytes | None:
        """The bytes that were put there; None when there are none or Redis is away."""
        kept = await self._ask(lambda: self._redis.get(self._name("b", key)))
        return cast(bytes | None, kept)

    def token_key(self, tag: str) -> str:
        """Where Redis keeps the token of a tag: who holds values of its own compares it."""
        return self._name("t", tag)

    @property
    def unsaid(self) -> Sequence[str]:
        """The keys of those tokens that should have changed and may not have, the latest last:
        Redis was away. Who holds values of these tags must not trust what Redis shows."""
        return tuple(self._unsaid)

    async def close(self) -> None:
        """Stop what runs in the background and close the connections."""
        await self._saying.cancel()
        await self._computations.cancel()
        await self._renewals.cancel()
        await self._redis.aclose()

    async def _mark(self, name: str) -> bool:
        """Give a tag a new token; False when Redis did not hear it."""
        mark = uuid4().hex
        return await self._ask(lambda: self._redis.set(name, mark, ex=TOKEN_SECONDS)) is not None

    def _is_unsaid(self, names: Iterable[str]) -> bool:
        """Whether any is still to be said; then somebody is at it."""
        if not any(name in self._unsaid for name in names):
            return False
        self._saying.run("all", self._say)
        return True

    async def _say(self) -> None:
        while self._unsaid:
            await asyncio.sleep(LATE_SECONDS)
            for name in tuple(self._unsaid):
                if not await self._mark(name):
                    break
                self._unsaid.pop(name, None)

    def _name(self, kind: str, name: str) -> str:
        return f"{self._prefix}:{kind}:{name}"

    async def _make(self, place: _Place, compute: Compute, found: _Found | None) -> bytes:
        if found is None or not place.is_locked:
            return await self._computed(place, compute, found)
        lock = self._lock(place)
        held = await self._ask(lambda: lock.acquire(blocking_timeout=WAIT_SECONDS), WAIT_SECONDS)
        try:
            # Whoever held the lock before us has probably stored it by now.
            found = await self._look_up(place) if held is not None else None
            if found and found.body is not None and found.is_fresh:
                return found.body
            return await self._computed(place, compute, found)
        finally:
            if held:
                await self._ask(lock.release)

    async def _renew(self, place: _Place, compute: Compute) -> None:
        lock = self._lock(place)
        if not await self._ask(lambda: lock.acquire(blocking=False)):
            return
        try:
            found = await self._look_up(place)
            if found and not found.is_fresh:
                await self._computed(place, compute, found)
        except Exception:
            log.exception("cache.renewal_failed", cache=self._prefix, key=place.key)
        finally:
            await self._ask(lock.release)

    async def _computed(self, place: _Place, compute: Compute, found: _Found | None) -> bytes:
        body = orjson.dumps(await compute())
        if found is not None:
            fresh_until = clock.now().timestamp() + place.ttl
            entry = orjson.dumps([fresh_until, found.tokens]) + b"\n" + body
            lifetime = max(1, round((place.ttl + place.stale) * 1000))
            await self._ask(lambda: self._redis.set(place.key, entry, px=lifetime))
        return body

    async def _look_up(self, place: _Place) -> _Found | None:
        """What is stored; None when Redis did not answer."""
        rows = await self._ask(lambda: self._redis.mget(place.key, *place.tags))
        if rows is None:
            return None
        entry, *marks = cast(list[bytes | None], rows)
        tokens = tuple(mark.decode() if mark else None for mark in marks)
        if entry is None:
            return _Found(tokens)
        head, _, body = entry.partition(b"\n")
        fresh_until, then = orjson.loads(head)
        late = clock.now().timestamp() - fresh_until
        if tuple(then) != tokens or late >= place.stale:
            return _Found(tokens)
        return _Found(tokens, body, is_fresh=late < 0)

    def _lock(self, place: _Place) -> Lock:
        return Lock(
            self._redis, f"{place.key}:lock", timeout=LOCK_SECONDS, sleep=0.05, thread_local=False
        )

    async def _ask(self, command: Callable[[], Awaitable[T]], beyond: float = 0) -> T | None:
        """The answer to a command, or None when Redis is away; never an error."""
        try:
            async with retry.breaker(
                f"cache.{self._prefix}", threshold=3, ttl=2.0, ignore=(LockError,)
            ):
                async with asyncio.timeout(REDIS_TIMEOUT + beyond):
                    return await command()
        except (retry.CircuitOpen, LockError):  # a lock that ran out was taken by another
            return None
        except (RedisError, OSError, TimeoutError) as failure:
            log.warning("cache.unavailable", cache=self._prefix, error=repr(failure))
            return None


def rows_tag(church: str, table: str) -> str:
    """The tag of what is made of a table's rows of one church; a transaction that writes them
    invalidates it by itself, where its database watches the table."""
    return f"rows:{church}:{table}"


def invalidate_after(session: AsyncSession, tag: str) -> None:
    """Invalidate ``tag`` once the transaction of ``session`` has committed, and once only.

    The session brings its process's cache along (:meth:`koinonia.common.db.Database.carry`), so
    whatever changes rows says so where it changes them. Without a cache there is nothing to do.
    """
    cache: Cache | None = session.info.get(CACHE)
    forgotten: set[str] = session.info.setdefault(FORGOTTEN, set())
    if cache is not None and tag not in forgotten:
        forgotten.add(tag)
        db.after_commit(session, lambda: cache.invalidate(tag))
