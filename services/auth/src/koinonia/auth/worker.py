"""Everything auth reacts to, which is nothing, and what it does unasked."""

from typing import Any

from koinonia.auth import sessions
from koinonia.common.bus import Subscription
from koinonia.common.runtime import every


async def rotate_keys(running: Any) -> None:
    await running.parts.keys.rotate()


async def prune(running: Any) -> None:
    async with running.database.transaction() as session:
        await sessions.prune(session)
        await sessions.prune_sessions(session)


SUBSCRIPTIONS: tuple[Subscription, ...] = ()

LOOPS = (every(3600, rotate_keys), every(3600, prune))
