"""The ingress: how soon a carrier has its 200 while reports come as fast as they are taken.

Each call is a signed report of its own about a text that exists. Once as carriers call, once by the
gateway, for who has its address from earlier, and once to a service that finds no broker and so
spools to PostgreSQL.
"""

import signal
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from tests.load import congregation, processor, progress, throughput
from tests.load.bare import Bare
from tests.load.congregation import Congregation
from tests.load.figures import Figure, Floor, Section, Spoiled
from tests.load.load import CONNECTIONS, Call, drive
from tests.load.system import Ground, connected

from koinonia.common.testing import secrets
from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.servers import ports
from koinonia.common.testing.servers.process import spawn, tail
from koinonia.devkit.carrier.state.texts import Status, Text, stamp
from koinonia.devkit.carrier.telnyx.dialect import TelnyxDialect
from koinonia.devkit.layout import ROOT
from koinonia.devkit.system import System

TEXTS = 500
REPORTS = 6_000  # ready before the load begins; then from the first one again
SERVICE = "ingress"
NOBODY = "amqp://guest:guest@127.0.0.1:9/"  # the discard port: refused at once
START_SECONDS = 30.0


async def measure(ground: Ground, system: System, bare: Bare) -> Section:
    await throughput.turn(system, throughput.TELLING)
    async with (
        congregation.founded(system, "Ingress", [TEXTS]) as church,
        connected(system.environment.database_url) as owner,
    ):
        reports = await _reports(owner, church)
        began = processor.seconds(bare.process.pid)
        alone = await drive(bare.reports_url, calls=_at(bare.reports_url, reports), **_how(ground))
        spent_bare = {"a bare route": processor.seconds(bare.process.pid) - began}
        floor = [Floor("a bare route", alone.per_second)]
        figures, work = [], [f"  floor: {processor.shares(spent_bare, alone.requests)}"]
        for what, url in _places(system):
            before = await processor.used(system)
            load = await drive(url, calls=_at(url, reports), **_how(ground))
            spent = (await processor.used(system)).since(before)
            work.append(f"  {what}: {processor.shares(spent, load.requests)}")
            figures.append(Figure(what, load.per_second, "/s", floor, load.spread))
        async with _without_broker(ground, system) as url:
            load = await drive(url, calls=_at(url, reports), **_how(ground))
            figures.append(Figure("no broker: spooled", load.per_second, "/s", floor, load.spread))
    return Section(
        f"Reports taken by the ingress, {CONNECTIONS} connections",
        figures,
        ["Processor time of one call, with what follows from it meanwhile:", *work],
    )


def _places(system: System) -> Iterator[tuple[str, str]]:
    service = system.running(SERVICE)
    if service is None:
        raise Spoiled(f"{SERVICE} does not run any more.")
    yield "as carriers call it", f"{service.url}/api/webhooks/telnyx/status"
    yield "by the gateway, as before", f"{system.gateway_url}/api/webhooks/telnyx/status"


def _how(ground: Ground) -> dict[str, Any]:
    return {"seconds": ground.seconds}


async def _reports(
    owner: "asyncpg.Connection[Any]", church: Congregation
) -> list[tuple[str, Text]]:
    """The query of the report URL and the text, of a message that was delivered."""
    message = await church.send(TEXTS, "Service on Sunday begins at ten. See you there!")
    await progress.until(owner, message, progress.is_delivered)
    rows = await owner.fetch(
        """
        SELECT id, carrier_message_id AS name
          FROM messaging.message_recipients WHERE message_id = $1
        """,
        message,
    )
    return [
        (f"church={church.id}&recipient={row['id']}", _delivered(church, row["name"], n))
        for n, row in enumerate(rows)
    ]


def _delivered(church: Congregation, name: str, n: int) -> Text:
    return Text(
        dialect="telnyx",
        sender=church.number,
        to=congregation.phone(n),
        text="Service on Sunday begins at ten. See you there!",
        media_urls=[],
        profile_id=None,
        webhook_url=None,
        id=name,
        status=Status.DELIVERED,
        sent_at=stamp(),
        completed_at=stamp(),
    )


def _at(url: str, reports: Sequence[tuple[str, Text]]) -> list[Call]:
    """Calls that tell of the texts, each an event of its own."""
    telnyx = TelnyxDialect(secrets.carrier_key())
    calls = []
    for n in range(REPORTS):
        query, text = reports[n % len(reports)]
        headers, body = telnyx.finished(text).call(url, 1)
        calls.append(Call(query, headers, body))
    return calls


@asynccontextmanager
async def _without_broker(ground: Ground, system: System) -> AsyncIterator[str]:
    """The address of one more process of the service, which has no broker."""
    port, log = ports.free_port(), ground.folder / "spooling.log"
    given = {"KOINONIA_RABBITMQ_URL": NOBODY, "KOINONIA_PORT": str(port)}
    process = spawn(
        [sys.executable, "-m", f"koinonia.{SERVICE}", "run", "--role", "api"],
        log=log,
        env=system.environment.variables(SERVICE) | given,
        cwd=ROOT,
    )
    try:
        try:
            await eventually(lambda: ports.accepts(ports.LOOPBACK, port), START_SECONDS)
        except AssertionError:
            raise Spoiled(f"A second {SERVICE} did not start:\n{tail(log)}") from None
        yield f"http://{ports.LOOPBACK}:{port}/api/webhooks/telnyx/status"
    finally:
        process.end(signal.SIGTERM, 5)
