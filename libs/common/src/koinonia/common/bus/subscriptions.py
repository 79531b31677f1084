"""How a service says what it reacts to: the rows of its subscription table.

::

    SUBSCRIPTIONS = (
        on(SpendApproved, dispatch.start),
        on(CarrierMessageReceived, consent.note, using=("phones",)),
        on_batch(CarrierStatusReported, deliveries.record, size=200, within=0.05),
        effect(BatchReleased, dispatch.send, concurrency=8),
    )

A reaction is a plain function ``(session, event)``. The consumer has opened the transaction,
recorded the event in the inbox, entered the church and bound trace and log context; it commits
(outbox rows included) and then acknowledges. ``using`` names what else of the running process the
function takes, passed as keywords. An *effect* calls the outside world between transactions of its
own, so it is given the running process instead of a session and records the inbox itself.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

from koinonia.common.events import Event


class Reject(Exception):
    """This event can never be applied; bury it at once. The text says why, for an operator."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One row: an event, the reaction, and how it runs.

    ``size`` and ``within`` (seconds): how many events one call may get and how long to wait for
    them. ``concurrency``: calls at the same time. ``timeout``: seconds for one call.
    """

    event: type[Event]
    reaction: Callable[..., Awaitable[None]]
    kind: Literal["one", "batch", "effect"]
    using: tuple[str, ...] = ()
    size: int = 1
    within: float = 0.0
    concurrency: int = 4
    timeout: float = 30.0

    @property
    def handler(self) -> str:
        """The reaction's name, for an operator: ``koinonia.messaging.people.consent.note``."""
        name = getattr(self.reaction, "__qualname__", repr(self.reaction))
        return f"{self.reaction.__module__}.{name}"

    def extras(self, running: Any) -> dict[str, Any]:
        """The keyword arguments named by ``using``."""
        return {name: getattr(running, name) for name in self.using}


def on(
    event: type[Event],
    reaction: Callable[..., Awaitable[None]],
    *,
    using: tuple[str, ...] = (),
    concurrency: int = 4,
    timeout: float = 30.0,
) -> Subscription:
    """``reaction(session, event, **using)`` for each event, in a transaction of its own."""
    return Subscription(
        event, reaction, "one", using=using, concurrency=concurrency, timeout=timeout
    )


def on_batch(
    event: type[Event],
    reaction: Callable[..., Awaitable[None]],
    *,
    size: int,
    within: float,
    using: tuple[str, ...] = (),
    concurrency: int = 1,
    timeout: float = 30.0,
) -> Subscription:
    """``reaction(session, events, **using)`` for up to ``size`` events in one transaction.

    The events may be of several churches: the reaction enters each church itself. When a batch
    fails, its events are tried one by one, so that a bad one does not take the others along.
    """
    return Subscription(
        event, reaction, "batch", using, size, within, concurrency=concurrency, timeout=timeout
    )


def effect(
    event: type[Event],
    reaction: Callable[..., Awaitable[None]],
    *,
    concurrency: int = 4,
    timeout: float = 60.0,
) -> Subscription:
    """``reaction(running, event)``: opens its own transactions around calls to the outside."""
    return Subscription(event, reaction, "effect", concurrency=concurrency, timeout=timeout)
