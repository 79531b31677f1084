"""The commands behind the Makefile."""

import sys
import time
from typing import Annotated

import typer
from rich.console import Console

from koinonia.devkit import documents, environment, home, logs, migrations, status
from koinonia.devkit.documents.typescript import NotInstalled
from koinonia.devkit.layout import ROOT, RUN
from koinonia.devkit.servers import ServerError
from koinonia.devkit.system import NotStarted

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
console = Console()


@app.command()
def up() -> None:
    """Start servers and services in the background and wait until they are ready."""
    started = time.monotonic()
    here = _up()
    status.show(console, here)
    seconds = time.monotonic() - started
    address = here.system.gateway_url
    console.print(f"Koinonia is up after {seconds:.1f} s.")
    if home.has_pages():
        console.print(f"Open {address} and register a church; `make demo` makes one with a past.")
    else:
        console.print("There are no pages: `make pages` builds them, then `make up` again.")
    console.print(f"The interface: {address}/api/docs. To end it: make down")


@app.command()
def demo() -> None:
    """Start everything, let a church text its people, and check every sum."""
    from koinonia.devkit.demo import story
    from koinonia.devkit.demo.errors import NotAsExpected

    here = _up()
    try:
        adds_up = story.tell(here.system, console, RUN)
    except NotAsExpected as problem:
        print(problem, file=sys.stderr)
        raise typer.Exit(1) from None
    if not adds_up:
        print("Something does not add up; see the lines marked ✗ above.", file=sys.stderr)
        raise typer.Exit(1)


@app.command()
def down() -> None:
    """Stop everything and leave nothing behind."""
    console.print("Stopped." if home.down() else "Nothing was running.")


@app.command(name="status")
def show_status() -> None:
    """Show what runs where; exits 1 when something that should run does not."""
    here = home.found()
    if here is None:
        console.print("Nothing is running. To start: make up")
        raise typer.Exit(1)
    raise typer.Exit(0 if status.show(console, here) else 1)


@app.command(name="logs")
def show_logs(
    parts: Annotated[list[str] | None, typer.Argument(help="some services; else all")] = None,
) -> None:
    """Follow the logs until Ctrl-C."""
    logs.follow(RUN / "logs", parts or [])


@app.command()
def migrate() -> None:
    """Bring every schema and queue of the running system to the present state."""
    here = home.found()
    if here is None:
        console.print("Nothing is running. To start: make up")
        raise typer.Exit(1)
    migrations.migrate(here.system.environment)
    console.print("Every schema and queue is at its present state.")


@app.command()
def env() -> None:
    """Write the secrets that docker-compose.yml needs to .env, unless it exists."""
    path = ROOT / ".env"
    if path.exists():
        console.print(".env is there already; remove it to have new secrets made.")
        return
    environment.write_secret(path, environment.for_compose())
    console.print("Wrote .env. Next: docker compose --profile simulator up --build")


@app.command()
def docs(
    check: Annotated[bool, typer.Option(help="write nothing; fail when one has drifted")] = False,
) -> None:
    """Write the documents that are generated from the code."""
    if not check:
        for left in documents.write():
            print(f"{left} stays as it is. To write it too: make openapi")
        return
    try:
        drifted = documents.drifted()
    except NotInstalled as problem:
        print(problem, file=sys.stderr)
        raise typer.Exit(1) from None
    if drifted:
        print(f"{', '.join(drifted)} is not what the code says. Run: make openapi")
        raise typer.Exit(1)


@app.command()
def schema_doc() -> None:
    """Write docs/schema.md from a database that is migrated for it."""
    from koinonia.devkit.documents import schema

    with console.status("Migrating a database"):
        path = schema.write()
    console.print(f"Wrote {path}.")


def _up() -> home.Home:
    """The running system; prints why it cannot run and exits otherwise."""
    try:
        with console.status("Starting") as waiting:
            return home.up(tell=lambda what: waiting.update(f"{what} ..."))
    except (NotStarted, ServerError) as problem:
        print(problem, file=sys.stderr)
        raise typer.Exit(1) from None
