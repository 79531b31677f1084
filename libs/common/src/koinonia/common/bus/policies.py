"""The wrappers of a reaction, one concern each, in one order.

:func:`stack` builds it from the outside in::

    traced          log context, one span, the time it took
    outlasting      the database is away: wait here, it is not the event's fault
    timed           a deadline per call
    transactional   transaction, inbox, church
    reaction

What is raised out of the stack is the event's own failure; the consumer then takes the ladder.
"""

import asyncio
import functools
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

import asyncpg
import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from koinonia.common import db, inbox, telemetry
from koinonia.common.bus.envelope import Delivery
from koinonia.common.bus.subscriptions import Subscription

Handler = Callable[[Sequence[Delivery]], Awaitable[None]]

log = structlog.get_logger()


class HasDatabase(Protocol):
    """What the consumer needs of the running process."""

    @property
    def database(self) -> db.Database: ...


R = TypeVar("R", bound=HasDatabase)

AWAY_SECONDS = 1.0
_handled = telemetry.counter("koinonia_events_handled_total")
_seconds = telemetry.histogram("koinonia_event_handling_seconds")


def stack(subscription: Subscription[R], running: R, listener: str) -> Handler:
    """The whole of what happens to a delivery, before the acknowledgement."""
    if subscription.kind == "effect":
        core = _effect(subscription, running)
    else:
        core = _transactional(subscription, running)
    return _traced(_outlasting(_timed(core, subscription.timeout)), subscription, listener)


def _transactional(subscription: Subscription[R], running: R) -> Handler:
    react = subscription.reaction
    if subscription.takes_running:
        react = functools.partial(react, running)
    database = running.database

    async def single(deliveries: Sequence[Delivery]) -> None:
        event = deliveries[0].event
        async with database.transaction() as session:
            if await inbox.entered(session, event.id, event.church_id):
                await react(session, event)

    async def batch(deliveries: Sequence[Delivery]) -> None:
        async with database.transaction(bulk=not subscription.is_urgent) as session:
            given = [event for delivery in deliveries for event in delivery.event.carried]
            fresh = await inbox.record(session, [event.id for event in given])
            events = {event.id: event for event in given if event.id in fresh}
            if events:
                await react(session, list(events.values()))

    return batch if subscription.kind == "batch" else single


def _effect(subscription: Subscription[R], running: R) -> Handler:
    async def call(deliveries: Sequence[Delivery]) -> None:
        await subscription.reaction(running, deliveries[0].event)

    return call


def _timed(inner: Handler, seconds: float) -> Handler:
    async def call(deliveries: Sequence[Delivery]) -> None:
        async with asyncio.timeout(seconds):
            await inner(deliveries)

    return call


def _outlasting(inner: Handler) -> Handler:
    """Hold the event while PostgreSQL is away, for as long as it takes."""

    async def call(deliveries: Sequence[Delivery]) -> None:
        while True:
            try:
                return await inner(deliveries)
            except (OSError, DBAPIError, PoolTimeout, asyncpg.PostgresError) as error:
                if not database_is_away(error):
                    raise
                log.warning("database.away", error=type(error).__name__)
                await asyncio.sleep(AWAY_SECONDS)

    return call


def _traced(inner: Handler, subscription: Subscription[R], listener: str) -> Handler:
    labels = {"listener": listener, "event": subscription.event.name}

    async def call(deliveries: Sequence[Delivery]) -> None:
        head = deliveries[0]
        context = {"event": head.event.name, "event_id": str(head.event.id)}
        if len(deliveries) == 1 and head.event.church_id:
            context["church_id"] = str(head.event.church_id)
        started = time.perf_counter()
        with (
            structlog.contextvars.bound_contextvars(**context),
            telemetry.tracer().start_as_current_span(
                f"{listener} {head.event.name}",
                context=telemetry.extract(head.headers),
                record_exception=False,  # its text may hold a phone; the masked log has it
            ),
        ):
            try:
                await inner(deliveries)
            finally:
                _seconds.record(time.perf_counter() - started, labels)
        _handled.add(sum(len(delivery.event.carried) for delivery in deliveries), labels)

    return call


def database_is_away(error: BaseException) -> bool:
    """The server cannot be reached, is starting, or is shutting down."""
    if isinstance(error, DBAPIError):
        if error.connection_invalidated:
            return True
        cause = error.orig.__cause__ if error.orig is not None else None
        return database_is_away(cause) if cause is not None else False
    if isinstance(error, asyncpg.PostgresError):
        return isinstance(
            error,
            asyncpg.PostgresConnectionError
            | asyncpg.CannotConnectNowError
            | asyncpg.AdminShutdownError
            | asyncpg.CrashShutdownError
            | asyncpg.TooManyConnectionsError,
        )
    if isinstance(error, asyncpg.InterfaceError):
        return "connection is closed" in str(error)
    return isinstance(error, ConnectionError | PoolTimeout)
