"""Polls a condition with a deadline instead of sleeping."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar, overload

T = TypeVar("T")

_EVERY = 0.02


@overload
async def eventually(predicate: Callable[[], Awaitable[T]], within: float = 5.0) -> T: ...
@overload
async def eventually(predicate: Callable[[], T], within: float = 5.0) -> T: ...
async def eventually(predicate: Callable[[], object], within: float = 5.0) -> object:
    """The first truthy value of ``predicate``, called again and again for ``within`` seconds.

    ``predicate`` may be async. An ``AssertionError`` in it means "not yet", so it may hold several
    asserts; any other error ends the wait. Raises ``AssertionError`` with the last value seen, or
    the last assert that failed.
    """
    deadline = time.monotonic() + within
    while True:
        seen, reason = await _ask(predicate)
        if seen:
            return seen
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} s; last seen: {reason or repr(seen)}")
        await asyncio.sleep(_EVERY)


async def _ask(predicate: Callable[[], T | Awaitable[T]]) -> tuple[T | None, str]:
    try:
        answer = predicate()
        return (await answer if inspect.isawaitable(answer) else answer), ""
    except AssertionError as error:
        return None, str(error) or "a failing assert"
