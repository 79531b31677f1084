"""``koinonia dead``: events that no attempt could apply."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection
from typing import Annotated

import typer
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from koinonia.common import errors, packages
from koinonia.common.bus.dead_letters import Letter
from koinonia.common.bus.dead_queues import DeadQueue, DeadQueues
from koinonia.common.operators import event_bodies
from koinonia.common.operators.output import instant, run, table
from koinonia.common.settings import PREFIX, load

SAMPLE = 100
REASON_WIDTH = 60

app = typer.Typer(no_args_is_help=True, help="Events that no attempt could apply.")

Queue = Annotated[str, typer.Argument(help="a queue as `list` prints it; .dead may be left out")]
Ids = Annotated[list[str] | None, typer.Option("--id", help="one event; may be repeated")]
All = Annotated[bool, typer.Option("--all", help="every event in the queue")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="say what would be done, change nothing")]
Settle = Callable[[DeadQueues], AsyncIterator[Letter]]


class OperatorSettings(BaseSettings):
    """What the commands read from the environment."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="ignore")

    rabbitmq_url: SecretStr
    bus_namespace: str = ""


class NoSuchLetter(errors.NotFound):
    def __init__(self, ids: Collection[str], queue: str) -> None:
        super().__init__(f"Not in {queue}: {', '.join(sorted(ids))}. `koinonia dead show` lists.")


@app.command("list")
def list_queues(
    queues: Annotated[list[str] | None, typer.Argument(help="only these queues")] = None,
    listener: Annotated[list[str] | None, typer.Option(help="only of this service")] = None,
) -> None:
    """Dead queues that hold something. Exit code 1 when there are any."""
    found = run(_list(queues or [], listener or packages.services()))
    if not found:
        typer.echo("No dead events.")
        return
    rows = [
        (q.name, q.listener, q.event, q.count, _oldest(letters), _reasons(q, letters))
        for q, letters in found
    ]
    typer.echo(table(("QUEUE", "LISTENER", "EVENT", "COUNT", "OLDEST", "REASONS"), rows))
    raise typer.Exit(1)


@app.command()
def show(
    queue: Queue,
    ids: Ids = None,
    limit: Annotated[int, typer.Option(min=1, help="how many, the oldest first")] = 20,
    body: Annotated[bool, typer.Option(help="print the bodies, personal data hidden")] = False,
) -> None:
    """The events in one dead queue: what failed, where, when and why."""
    letters = run(_look(queue, ids or [], limit, body))
    for letter in letters:
        typer.echo(_described(letter))
        if body:
            typer.echo(event_bodies.shown(letter.body))
    if not letters:
        typer.echo("Nothing in it.")


@app.command()
def replay(queue: Queue, ids: Ids = None, every: All = False, dry_run: DryRun = False) -> None:
    """Send events back to the queue they died in. What was applied is not applied twice."""
    wanted = _wanted(ids, every)
    if dry_run:
        run(_rehearse(queue, wanted, "would be replayed"))
    else:
        run(_settle(queue, wanted, "replayed", lambda dead: dead.replay(queue, wanted)))


@app.command()
def drop(
    queue: Queue,
    ids: Ids = None,
    every: All = False,
    dry_run: DryRun = False,
    yes: Annotated[bool, typer.Option("--yes", help="really remove them, for good")] = False,
) -> None:
    """Remove events for good. Needs --yes, or --dry-run."""
    wanted = _wanted(ids, every)
    if dry_run:
        run(_rehearse(queue, wanted, "would be dropped"))
    elif yes:
        run(_settle(queue, wanted, "dropped", lambda dead: dead.drop(queue, wanted)))
    else:
        raise typer.BadParameter("what is dropped is gone: add --yes, or --dry-run to see it first")


def _wanted(ids: list[str] | None, every: bool) -> frozenset[str] | None:
    """The chosen ids, or None for all."""
    if bool(ids) == every:
        raise typer.BadParameter("name events with --id (may be repeated), or say --all")
    return frozenset(ids) if ids else None


def _opened() -> DeadQueues:
    settings = load(OperatorSettings)
    return DeadQueues(settings.rabbitmq_url.get_secret_value(), settings.bus_namespace)


async def _list(
    queues: list[str], listeners: Collection[str]
) -> list[tuple[DeadQueue, list[Letter]]]:
    async with _opened() as dead:
        found = await (dead.count(queues) if queues else dead.find(listeners))
        return [(queue, await dead.look(queue.name, limit=SAMPLE)) for queue in found]


async def _look(queue: str, ids: list[str], limit: int, body: bool) -> list[Letter]:
    async with _opened() as dead:
        letters = await dead.look(queue, limit=limit, ids=ids, bodies=body)
        _demand(ids, letters, dead.name(queue))
        return letters


async def _rehearse(queue: str, wanted: frozenset[str] | None, verb: str) -> None:
    async with _opened() as dead:
        ready = sum(found.count for found in await dead.count([queue]))
        letters = await dead.look(queue, limit=SAMPLE, ids=wanted or ())
        _demand(wanted or (), letters, dead.name(queue))
    for letter in letters:
        typer.echo(f"{letter.id}  {letter.event}  {verb}")
    if wanted is None and ready > len(letters):
        typer.echo(f"and {ready - len(letters)} more")


async def _settle(queue: str, wanted: frozenset[str] | None, verb: str, settle: Settle) -> None:
    done = []
    async with _opened() as dead:
        async for letter in settle(dead):
            typer.echo(f"{letter.id}  {letter.event}  {verb}")
            done.append(letter)
        _demand(wanted or (), done, dead.name(queue))
    typer.echo(f"{len(done)} {verb}.")


def _demand(ids: Collection[str], letters: list[Letter], queue: str) -> None:
    if missing := set(ids) - {letter.id for letter in letters}:
        raise NoSuchLetter(missing, queue)


def _oldest(letters: list[Letter]) -> str:
    return instant(letters[0].failed_at) if letters else "unknown"


def _reasons(queue: DeadQueue, letters: list[Letter]) -> str:
    """The reasons of those looked at, the commonest first, each with its number."""
    lines = Counter(letter.reason.partition("\n")[0] for letter in letters)
    told = [
        f"{reason[:REASON_WIDTH]}{'…' if len(reason) > REASON_WIDTH else ''} ({count})"
        for reason, count in lines.most_common(3)
    ]
    rest = len(lines) - len(told)
    more = [f"{rest} other reasons"] if rest else []
    unseen = [f"{queue.count - len(letters)} not looked at"] if queue.count > len(letters) else []
    return ", ".join(told + more + unseen)


def _described(letter: Letter) -> str:
    times = "once" if letter.attempts == 1 else f"{letter.attempts} times"
    lines = {
        "church": letter.church_id or "unknown",
        "failed": f"{times}, last at {instant(letter.failed_at)}",
        "handler": letter.handler,
        "replayed": f"{letter.replays} times before" if letter.replays else "never",
        "reason": letter.reason.replace("\n", "\n            "),
    }
    return "\n".join(
        [f"{letter.id}  {letter.event}", *(f"  {name:<9} {text}" for name, text in lines.items())]
    )
