"""The simulated carrier as an ASGI application."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.applications import Starlette
from starlette.routing import Mount

from koinonia.devkit.carrier import control, memory, simulated
from koinonia.devkit.carrier.network import Network
from koinonia.devkit.carrier.state import media
from koinonia.devkit.mailbox import app as mailbox
from koinonia.devkit.mailbox.box import Box
from koinonia.devkit.mailbox.reports import Reports

ROUTES = [*simulated.ROUTES, *media.ROUTES, *control.ROUTES]


def create_app(
    network: Network, memory_file: Path | None = None, mail_reports: Reports | None = None
) -> Starlette:
    """``memory_file``: where it keeps what must outlive a restart. ``mail_reports``: who tells
    what became of mails."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with memory.kept(network, memory_file):
            network.reports.start()
            try:
                yield
            finally:
                await network.reports.stop()

    # One process simulates everything outside; what was mailed is shown beside what was texted.
    mails = Mount("/mailbox", mailbox.create_app(Box(), mail_reports))
    app = Starlette(routes=[*ROUTES, mails], lifespan=lifespan)
    app.state.network = network
    return app


def signing_key(seed: str) -> Ed25519PrivateKey:
    """The key from base64 of its 32-byte seed. Raises ``ValueError``."""
    raw = base64.b64decode(seed, validate=True)
    if len(raw) != 32:
        raise ValueError("the signing seed must be base64 of 32 bytes")
    return Ed25519PrivateKey.from_private_bytes(raw)
