"""``koinonia-carrier verify``: compares the carrier with the database."""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import asyncpg
import httpx
import orjson
import typer
from rich.console import Console
from rich.table import Table

from koinonia.devkit.carrier.state.texts import ShownTexts
from koinonia.devkit.carrier.verification import books, checks
from koinonia.devkit.carrier.verification.carried_texts import Carried
from koinonia.devkit.carrier.verification.checks import Check, Evidence

POLL_SECONDS = 0.5
MOST_SHOWN = 5
CANNOT = 2


@dataclass(frozen=True, slots=True)
class Comparison:
    found: Sequence[Check]
    texts: Counter[str]  # by carrier
    pending: int  # what the carrier has still to do


def verify(
    carrier_url: Annotated[str, typer.Option(help="Where the simulated carrier runs.")],
    database_url: Annotated[
        str,
        typer.Option(
            envvar="KOINONIA_DATABASE_URL",
            help="The administrator's: the services' own roles see one church at a time.",
        ),
    ],
    church: Annotated[str | None, typer.Option(help="The id of one church; else all.")] = None,
    within: Annotated[
        float, typer.Option(help="Seconds to wait for agreement: a system at work is behind.")
    ] = 0.0,
) -> None:
    """Compare what the carrier did with what Koinonia's database says of it.

    Exits 0 when all agrees, 1 when something does not, 2 when it cannot be found out.
    """
    try:
        only = UUID(church) if church else None
    except ValueError:
        raise typer.BadParameter("is not an id", param_hint="--church") from None
    try:
        compared = asyncio.run(_agreement(carrier_url, database_url, only, within))
    except (httpx.HTTPError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        print(f"Cannot compare: {type(error).__name__}: {error}", file=sys.stderr)
        raise typer.Exit(CANNOT) from None
    show(Console(), compared)
    raise typer.Exit(any(check.wrong for check in compared.found))


def show(console: Console, compared: Comparison) -> None:
    found = compared.found
    table = Table("", "looked at", "wrong", box=None, pad_edge=False)
    for check in found:
        mark = "[red]✗[/]" if check.wrong else "[green]✓[/]"
        table.add_row(f"{mark} {check.promise}", str(check.looked_at), str(len(check.wrong)))
    console.print(table)
    through = [f"{compared.texts[name]} through {name}" for name in sorted(compared.texts)]
    console.print(f"Texts: {', '.join(through) or 'none'}.")
    for check in found:
        for sentence in check.wrong[:MOST_SHOWN]:
            console.print(f"  {sentence}", highlight=False, markup=False)
        if len(check.wrong) > MOST_SHOWN:
            console.print(f"  and {len(check.wrong) - MOST_SHOWN} more: {check.promise}")
    if compared.pending:
        still = f"The carrier has {compared.pending} things still to do"
        console.print(f"{still}; compare again later.")


async def _agreement(
    carrier_url: str, database_url: str, church: UUID | None, within: float
) -> Comparison:
    """Repeat the checks until all is right or the time is over."""
    until = time.monotonic() + within
    async with httpx.AsyncClient(base_url=carrier_url, timeout=30, trust_env=False) as carrier:
        while True:
            asked = await ledger(carrier, church)
            carried = [Carried.from_json(text) for text in asked["texts"]]
            found = checks.all_checks(Evidence(carried, await books.read(database_url, church)))
            right = not asked["pending"] and not any(check.wrong for check in found)
            if right or time.monotonic() > until:
                texts = Counter(text.carrier for text in carried)
                return Comparison(found, texts, asked["pending"])
            await asyncio.sleep(POLL_SECONDS)


async def ledger(carrier: httpx.AsyncClient, church: UUID | None = None) -> ShownTexts:
    """Every text the carrier took, and how much it still has to do."""
    asked = {"church": str(church)} if church else {}
    answer = await carrier.get("/_control/texts", params=asked)
    answer.raise_for_status()
    texts: ShownTexts = orjson.loads(answer.content)
    return texts
