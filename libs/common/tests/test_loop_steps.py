"""The measure of what holds the loop: it sees work, and does not mind waiting."""

import asyncio
import time

import pytest

from koinonia.common.testing import loop_steps


def work(seconds: float) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


async def test_a_step_that_works_for_too_long_fails() -> None:
    with pytest.raises(AssertionError, match="The loop was held for"):
        async with loop_steps.held_briefly(limit=0.05):
            work(0.1)


async def test_so_does_one_in_a_task_of_its_own() -> None:
    async def other() -> None:
        work(0.1)

    with pytest.raises(AssertionError, match="The loop was held for"):
        async with loop_steps.held_briefly(limit=0.05):
            await asyncio.create_task(other())


async def test_steps_are_not_added_up_and_a_thread_is_free() -> None:
    async with loop_steps.held_briefly(limit=0.05):
        for _ in range(4):
            work(0.02)
            await asyncio.sleep(0)
        await asyncio.to_thread(work, 0.1)
