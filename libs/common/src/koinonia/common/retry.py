"""Calls to other systems: a few retries, and none while a circuit is open.

Two thin wrappers with our opinions in them. ``retrying`` is ``stamina`` with few attempts, a short
budget and respect for what the other side asks (``retry_after``). ``breaker`` is ``purgatory``
with an error of ours that says when to come back. Together, the breaker inside, so that each
attempt is counted::

    async for attempt in retry.retrying(on=httpx.TransportError):
        with attempt:
            async with retry.breaker("acme"):
                response = await client.post(...)

Retry only what may safely happen twice. Everything else about retries (tests without waiting:
``stamina.set_testing``) is stamina's own and used directly. Events that fail are not retried
here: the bus has its ladder.
"""

import asyncio
import time
from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from datetime import timedelta

import stamina
import structlog
from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.messages import Event
from purgatory.domain.messages.events import ContextChanged
from purgatory.domain.model import OpenedState

from koinonia.common import errors, telemetry

Retryable = type[Exception] | tuple[type[Exception], ...] | Callable[[Exception], bool]

log = structlog.get_logger()
_changes = telemetry.counter("koinonia_circuit_changes_total")
_NEVER: tuple[type[BaseException], ...] = ()


class CircuitOpen(errors.Unavailable):
    """The other side failed several times in a row and is left alone for ``retry_after`` s."""

    def __init__(self, name: str, retry_after: float) -> None:
        self.retry_after = retry_after
        seconds = max(1, round(retry_after))
        super().__init__(
            f"{name} is not answering. Try again in {seconds} s.",
            headers={"Retry-After": str(seconds)},
        )


def retrying(
    on: Retryable, *, attempts: int = 3, timeout: float = 10.0
) -> AsyncIterable[AbstractContextManager[None]]:
    """Attempts at a block of code, each a context manager; the last failure is raised.

    A failure is tried again when it matches ``on`` (types, or a function that decides), at most
    ``attempts`` times in all and not after ``timeout`` seconds from the first. Between attempts
    pass 0.1, 0.2, 0.4 s … and up to 0.2 s of jitter; or, when the exception has an attribute
    ``retry_after`` (seconds or a ``timedelta``), exactly that. When it asks for more than
    ``timeout``, or a circuit is open, the failure is raised at once. The timeout does not cut off
    an attempt that hangs: that is the client's own timeout.
    """
    return stamina.retry_context(
        _verdict(on, timeout),
        attempts=attempts,
        timeout=timeout,
        wait_initial=0.1,
        wait_max=2.0,
        wait_jitter=0.2,
    )


@asynccontextmanager
async def breaker(
    name: str,
    *,
    threshold: int = 5,
    ttl: float = 30.0,
    ignore: tuple[type[BaseException], ...] = _NEVER,
) -> AsyncIterator[None]:
    """Run a block unless the circuit ``name`` is open; then raise ``CircuitOpen`` instead.

    ``threshold`` failures in a row open it for ``ttl`` seconds; after those the next call decides:
    a success closes it, a failure opens it again. Exceptions of the types in ``ignore`` say
    nothing about the other side and count as success, as does the cancellation of our own task.
    Circuits are per process and live as long as it does; ``threshold`` and ``ttl`` are those of
    the first use of a name.
    """
    circuit = await _circuits.get_breaker(
        name, threshold, ttl, exclude=[asyncio.CancelledError, *ignore]
    )
    try:
        async with circuit:
            yield
    except OpenedState as opened:
        passed = time.time() - opened.opened_at  # purgatory's clock, not ours
        raise CircuitOpen(name, max(0.0, circuit.context.ttl - passed)) from None


def _verdict(on: Retryable, timeout: float) -> Callable[[Exception], bool | float]:
    matches = _matcher(on)

    def verdict(failure: Exception) -> bool | float:
        if isinstance(failure, CircuitOpen) or not matches(failure):
            return False
        wait = getattr(failure, "retry_after", None)
        if wait is None:
            return True
        seconds = wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
        return seconds if seconds <= timeout else False

    return verdict


def _matcher(on: Retryable) -> Callable[[Exception], bool]:
    if isinstance(on, tuple | type):
        return lambda failure: isinstance(failure, on)
    return on


def _tell(name: str, kind: str, event: Event) -> None:
    if isinstance(event, ContextChanged):
        state = event.state.replace("-", "_")
        _changes.add(1, {"circuit": name, "state": state})
        log.warning(f"circuit.{state}", circuit=name)


_circuits = AsyncCircuitBreakerFactory()
_circuits.add_listener(_tell)
