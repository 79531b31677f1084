"""``make soak``: what ``make test`` does within minutes, for as long as there is time.

``carrier`` lets churches text through a hostile carrier; ``contract`` sends what schemathesis makes
up from the OpenAPI document. Without either, both.
"""

import asyncio
import random
import tempfile
import time
from pathlib import Path
from typing import Annotated

import httpx
import typer
import uvloop
from tests.acceptance import __main__ as hostile
from tests.integration import churches
from tests.integration.conftest import whole_system
from tests.integration.contract import fuzzing, parts
from tests.integration.network import CALM, Network
from tests.integration.things import things

from koinonia.common.testing.servers import Servers
from koinonia.common.testing.servers.temporary import temporary_servers

EXAMPLES = 10

program = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
program.command("carrier")(hostile.main)


@program.callback(invoke_without_command=True)
def both(context: typer.Context) -> None:
    """As long as you like."""
    if context.invoked_subcommand is None:
        contract()
        hostile.main()


@program.command()
def contract(
    minutes: Annotated[float, typer.Option(help="How long; a round is not cut short.")] = 10,
    seed: Annotated[
        int | None, typer.Option(help="The first round; each next is one more.")
    ] = None,
) -> None:
    """Send every operation what schemathesis makes up from the OpenAPI document."""
    first = random.randrange(10**6) if seed is None else seed
    print(f"Seed {first}.", flush=True)
    with temporary_servers() as servers, tempfile.TemporaryDirectory() as folder:
        failed = uvloop.run(_rounds(servers, Path(folder), first, minutes * 60))
    for number in failed:
        print(f"Repeat it: make soak ARGS='contract --minutes 0 --seed {number}'")
    if failed:
        raise typer.Exit(1)


async def _rounds(servers: Servers, folder: Path, first: int, seconds: float) -> list[int]:
    """The seeds of the rounds that failed. There is one round at least."""
    failed: list[int] = []
    began, number = time.monotonic(), first
    async with whole_system(servers, folder) as system:
        while True:
            if not await _is_kept(system.gateway_url, system.carrier_url, number):
                failed.append(number)
            number += 1
            if time.monotonic() - began >= seconds:
                return failed


async def _is_kept(gateway_url: str, carrier_url: str, seed: int) -> bool:
    """Whether a church that has one of everything met no violation."""
    effort, count, failures = fuzzing.Effort(EXAMPLES, seed), 0, list[str]()
    async with (
        httpx.AsyncClient(base_url=carrier_url, timeout=10, trust_env=False) as http,
        churches.registered(gateway_url) as church,
    ):
        phones = Network(http)
        await phones.turn(**CALM)
        await church.order_number()
        await church.bring(3)
        ids, token = await things(church, phones), church.api.headers["Authorization"]
        resources = parts.by_resource(fuzzing.document())
        for resource in sorted(resources.keys() - {"endings"}):
            outcome = await asyncio.to_thread(
                fuzzing.run, gateway_url, token, ids, resources[resource], effort
            )
            count += outcome.statuses.total()
            failures += outcome.failures
    print(f"Seed {seed}: {count} requests, {len(failures)} violations.", flush=True)
    for each in failures:
        print(each, end="\n\n", flush=True)
    return not failures


if __name__ == "__main__":
    program()
