"""``koinonia keys`` as an operator runs it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from typer.testing import CliRunner

from koinonia.auth.keys import Keys
from koinonia.auth.settings import Settings
from koinonia.common import clock, db, operators

Koinonia = Callable[..., Awaitable[Any]]


@pytest.fixture
def koinonia(settings: Settings) -> Koinonia:
    """The command as a shell would run it, in the environment of ``settings``."""
    command = operators.build()

    async def run(*arguments: str) -> Any:
        return await asyncio.to_thread(CliRunner().invoke, command, ["keys", *arguments])

    return run


@pytest.fixture
def keys(database: db.Database, settings: Settings) -> Keys:
    return Keys(database, settings.ring, timedelta(days=30))


def states(output: str) -> dict[str, str]:
    """By key, from the table."""
    table = output.partition("KEY ")[2].splitlines()[1:]
    return {line.split()[0]: line.split()[1] for line in table}


async def test_without_a_key_that_signs_the_list_ends_with_1(
    koinonia: Koinonia, keys: Keys
) -> None:
    assert (await koinonia("list")).exit_code == 1
    first = (await keys.signer()).kid

    listed = await koinonia("list")

    assert (listed.exit_code, states(listed.output)) == (0, {first: "signs"})


async def test_a_key_is_replaced_before_its_time(koinonia: Koinonia, keys: Keys) -> None:
    first = (await keys.signer()).kid

    rotated = await koinonia("rotate")

    found = states(rotated.output)
    second = next(iter(found))
    assert (rotated.exit_code, found) == (0, {second: "next", first: "signs"})
    with clock.shift(timedelta(hours=1, minutes=2)):
        assert (await keys.signer()).kid == second


async def test_a_dry_run_makes_no_key(koinonia: Koinonia, keys: Keys) -> None:
    await keys.signer()

    rehearsed = await koinonia("rotate", "--dry-run")

    assert (rehearsed.exit_code, "would be made" in rehearsed.output) == (0, True)
    assert len(await keys.all()) == 1


async def test_while_a_key_waits_no_other_is_made(koinonia: Koinonia, keys: Keys) -> None:
    await keys.signer()
    await koinonia("rotate")

    refused = [await koinonia("rotate"), await koinonia("rotate", "--dry-run")]

    assert [answer.exit_code for answer in refused] == [1, 1]
    assert len(await keys.all()) == 2
