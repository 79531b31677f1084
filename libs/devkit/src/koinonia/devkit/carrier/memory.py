"""What a carrier still knows after a restart: profiles, numbers, and who said STOP.

Texts and the ledger are of one life. Written to a file whenever it changed, so that a kill loses a
second at most.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path

import orjson

from koinonia.devkit.carrier.network import Network
from koinonia.devkit.carrier.state.numbers import Order, Profile

EVERY_SECONDS = 1.0


@asynccontextmanager
async def kept(network: Network, path: Path | None) -> AsyncIterator[None]:
    """Load ``path``, and keep it up to date until the block ends; None keeps nothing.

    An order that was pending is forgotten: the carrier would have to be told of it again.
    """
    if path is None:
        yield
        return
    _recall(network, path)
    keeping = asyncio.create_task(_keep(network, path))
    try:
        yield
    finally:
        keeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeping
        _write(path, _written(network))


async def _keep(network: Network, path: Path) -> None:
    known = b""
    while True:
        if (now := _written(network)) != known:
            _write(path, known := now)
        await asyncio.sleep(EVERY_SECONDS)


def _write(path: Path, data: bytes) -> None:
    """Replace the file whole."""
    draft = path.with_suffix(".new")
    draft.write_bytes(data)
    draft.replace(path)


def _written(network: Network) -> bytes:
    numbers = network.numbers
    return orjson.dumps(
        {
            "profiles": [asdict(profile) for profile in numbers.profiles.values()],
            "orders": [asdict(o) for o in numbers.orders.values() if o.status == "success"],
            "blocks": sorted(network.blocks),
        }
    )


def _recall(network: Network, path: Path) -> None:
    if not path.exists():
        return
    memory = orjson.loads(path.read_bytes())
    for profile in memory["profiles"]:
        network.numbers.profiles[profile["id"]] = Profile(**profile)
    for order in memory["orders"]:
        network.numbers.own(Order(**order))
    network.blocks.update((scope, phone) for scope, phone in memory["blocks"])
