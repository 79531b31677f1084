"""The rows of a service's subscription table: which event, which reaction, how it runs.

::

    SUBSCRIPTIONS = (
        on(SpendApproved, dispatch.start),
        on_with_running(CarrierMessageReceived, consent.record),
        on_batch(CarrierStatusReported, deliveries.record, size=200, within=0.05),
        effect(BatchReleased, dispatch.send, concurrency=8),
    )

A reaction is a plain function ``(session, event)``, or ``(running, session, event)`` where it needs
what the process holds open. The consumer has opened the transaction, recorded the event in the
inbox, entered the church and bound trace and log context; it commits (outbox rows included) and
then acknowledges. An *effect* calls the outside world between transactions of its own, so it is
given the running process instead of a session and records the inbox itself.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common.events import Event
from koinonia.common.events.base import Bundle

E = TypeVar("E", bound=Event)
R = TypeVar("R")
R_contra = TypeVar("R_contra", contravariant=True)
Kind = Literal["one", "batch", "effect"]


class Reject(Exception):
    """This event can never be applied; bury it at once. The text says why, for an operator."""


@dataclass(frozen=True, slots=True)
class Subscription(Generic[R_contra]):
    """One row: an event, the reaction, and how it runs. ``R`` is what has to be running for it.

    ``size`` and ``within`` (seconds): how many events one call may get and how long to wait for
    them, or, where somebody waits for the effect (``is_urgent``), how long after the last call
    began. ``concurrency``: calls at the same time. ``timeout``: seconds for one call.
    """

    event: type[Event]
    reaction: Callable[..., Awaitable[None]]  # in one of the forms that the functions below take
    kind: Kind
    size: int = 1
    within: float = 0.0
    concurrency: int = 4
    timeout: float = 30.0
    takes_running: bool = False
    is_urgent: bool = False

    @property
    def handler(self) -> str:
        """The reaction's name, for an operator: ``koinonia.choirs.members.record``."""
        name = getattr(self.reaction, "__qualname__", repr(self.reaction))
        return f"{self.reaction.__module__}.{name}"


def on(
    event: type[E],
    reaction: Callable[[AsyncSession, E], Awaitable[None]],
    *,
    concurrency: int = 4,
    timeout: float = 30.0,
) -> Subscription[object]:
    """``reaction(session, event)`` for each event, in a transaction of its own."""
    return Subscription(event, reaction, "one", concurrency=concurrency, timeout=timeout)


def on_with_running(
    event: type[E],
    reaction: Callable[[R, AsyncSession, E], Awaitable[None]],
    *,
    concurrency: int = 4,
    timeout: float = 30.0,
) -> Subscription[R]:
    """``reaction(running, session, event)`` for each event, in a transaction of its own."""
    return Subscription(
        event, reaction, "one", concurrency=concurrency, timeout=timeout, takes_running=True
    )


def on_batch(
    event: type[E],
    reaction: Callable[[AsyncSession, Sequence[E]], Awaitable[None]],
    *,
    size: int,
    within: float,
    concurrency: int = 1,
    timeout: float = 30.0,
) -> Subscription[object]:
    """``reaction(session, events)`` for up to ``size`` events in one transaction.

    The events may be of several churches: the reaction enters each church itself. When a batch
    fails, its events are tried one by one, so that a bad one does not take the others along.
    With ``within=0.0`` a batch is what is there already. One alone waits for nothing then, neither
    for others nor behind work in bulk: that is for what a person waits for.
    """
    return Subscription(
        event,
        reaction,
        "batch",
        size,
        within,
        concurrency=concurrency,
        timeout=timeout,
        is_urgent=within == 0,
    )


def on_bundles(
    event: type[Bundle],
    reaction: Callable[[AsyncSession, Sequence[E]], Awaitable[None]],
    *,
    size: int,
    within: float,
    concurrency: int = 1,
    timeout: float = 30.0,
) -> Subscription[object]:
    """``reaction(session, events)`` for the events of up to ``size`` bundles, as :func:`on_batch`:
    each event is recorded in the inbox. When a bundle fails, its events come back one by one."""
    return Subscription(
        event, reaction, "batch", size, within, concurrency=concurrency, timeout=timeout
    )


def on_batch_with_running(
    event: type[E],
    reaction: Callable[[R, AsyncSession, Sequence[E]], Awaitable[None]],
    *,
    size: int,
    within: float,
) -> Subscription[R]:
    """``reaction(running, session, events)``, otherwise as :func:`on_batch`."""
    return Subscription(event, reaction, "batch", size, within, concurrency=1, takes_running=True)


def on_burst(
    event: type[E],
    reaction: Callable[[R, AsyncSession, Sequence[E]], Awaitable[None]],
    *,
    size: int,
    apart: float,
) -> Subscription[R]:
    """``reaction(running, session, events)`` for events that somebody waits for: one alone never
    waits, and those that follow closely share a transaction, so that calls begin ``apart`` seconds
    after one another. Otherwise as :func:`on_batch`, beside work in bulk and not behind it."""
    return Subscription(
        event, reaction, "batch", size, apart, concurrency=1, takes_running=True, is_urgent=True
    )


def effect(
    event: type[E],
    reaction: Callable[[R, E], Awaitable[None]],
    *,
    concurrency: int = 4,
    timeout: float = 60.0,
) -> Subscription[R]:
    """``reaction(running, event)``: opens its own transactions around calls to the outside."""
    return Subscription(event, reaction, "effect", concurrency=concurrency, timeout=timeout)
