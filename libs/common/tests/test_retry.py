"""Retries and circuit breakers."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
import stamina
from structlog.testing import capture_logs

from koinonia.common import errors, retry


class Busy(Exception):
    def __init__(self, retry_after: float | timedelta | None = None) -> None:
        self.retry_after = retry_after


class Caller:
    """Fails with the given failures, one a call, then answers."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.calls = 0

    async def __call__(self) -> str:
        self.calls += 1
        if self.failures:
            raise self.failures.pop(0)
        return "ok"

    async def retried(self, on: retry.Retryable = Busy, attempts: int = 3) -> str:
        async for attempt in retry.retrying(on, attempts=attempts, timeout=5.0):
            with attempt:
                return await self()
        raise AssertionError


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture
def circuit() -> str:
    return f"upstream-{uuid4().hex}"


async def fail(circuit: str, times: int = 1, failure: type[BaseException] = Busy) -> None:
    for _ in range(times):
        with pytest.raises(failure):
            async with retry.breaker(circuit, threshold=2, ttl=60, ignore=(KeyError,)):
                raise failure


async def passes(circuit: str) -> bool:
    """Whether the circuit lets a call through."""
    try:
        async with retry.breaker(circuit):
            return True
    except retry.CircuitOpen:
        return False


async def test_a_failure_is_tried_again_until_it_succeeds() -> None:
    call = Caller(Busy(), Busy())
    assert await call.retried() == "ok"
    assert call.calls == 3


async def test_the_last_failure_is_raised_when_attempts_run_out() -> None:
    call = Caller(Busy(), Busy(), Busy())
    with pytest.raises(Busy):
        await call.retried(attempts=2)
    assert call.calls == 2


async def test_another_failure_is_not_tried_again() -> None:
    call = Caller(KeyError())
    with pytest.raises(KeyError):
        await call.retried(on=(Busy, OSError))
    assert call.calls == 1


async def test_a_function_may_decide_what_is_tried_again() -> None:
    call = Caller(Busy(), Busy(1.0))
    with pytest.raises(Busy):
        await call.retried(on=lambda failure: getattr(failure, "retry_after", 0) is None)
    assert call.calls == 2


@pytest.mark.parametrize("wait", [0.25, timedelta(seconds=0.25)])
async def test_the_other_side_says_when_to_try_again(wait: float | timedelta) -> None:
    waits: list[float] = []
    stamina.instrumentation.set_on_retry_hooks([lambda details: waits.append(details.wait_for)])
    try:
        with stamina.set_testing(False):
            await Caller(Busy(wait)).retried()
    finally:
        stamina.instrumentation.set_on_retry_hooks(None)
    assert waits == [0.25]


async def test_a_wait_beyond_the_budget_fails_at_once() -> None:
    call = Caller(Busy(60))
    with pytest.raises(Busy):
        await call.retried()
    assert call.calls == 1


async def test_failures_in_a_row_open_the_circuit(circuit: str) -> None:
    await fail(circuit, times=2)
    with pytest.raises(retry.CircuitOpen) as refused:
        async with retry.breaker(circuit):
            pytest.fail("the block ran")
    assert 50 < refused.value.retry_after <= 60
    assert refused.value.headers["Retry-After"] == "60"
    assert isinstance(refused.value, errors.Unavailable)


async def test_a_success_between_failures_keeps_the_circuit_closed(circuit: str) -> None:
    await fail(circuit)
    assert await passes(circuit)
    await fail(circuit)
    assert await passes(circuit)


async def test_an_opened_circuit_tries_again_after_its_time(circuit: str) -> None:
    with pytest.raises(Busy):
        async with retry.breaker(circuit, threshold=1, ttl=1e-6):
            raise Busy
    assert await passes(circuit)


@pytest.mark.parametrize("failure", [KeyError, asyncio.CancelledError])
async def test_what_says_nothing_about_the_other_side_does_not_count(
    circuit: str, failure: type[BaseException]
) -> None:
    await fail(circuit, times=3, failure=failure)
    assert await passes(circuit)


async def test_one_circuit_does_not_open_another(circuit: str) -> None:
    await fail(circuit, times=2)
    assert await passes(f"{circuit}-other")


async def test_an_open_circuit_is_not_tried_again(circuit: str) -> None:
    call = Caller(retry.CircuitOpen(circuit, 0.1))
    with pytest.raises(retry.CircuitOpen):
        await call.retried(on=Exception)
    assert call.calls == 1


async def test_a_circuit_that_opens_is_logged(circuit: str) -> None:
    with capture_logs() as lines:
        await fail(circuit, times=2)
    assert {"event": "circuit.opened", "circuit": circuit, "log_level": "warning"} in lines
