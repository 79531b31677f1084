"""The command line every service has: ``run``, ``migrate``, ``openapi``."""

import asyncio
import gc
import json
from enum import StrEnum
from typing import Annotated

import typer
import uvloop
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from koinonia.common import bus, logging, runtime
from koinonia.common.bus.connection import BusConnection
from koinonia.common.settings import PREFIX, load

GARBAGE = 20_000  # objects more than before begin a round; Python's own figure is 700


class Role(StrEnum):
    """Which half of the service this process is."""

    API = "api"
    WORKER = "worker"
    ALL = "all"


class MigrationSettings(BaseSettings):
    """What ``migrate`` reads: the owner's URL and the password the service will sign in with."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore")

    database_owner_url: SecretStr  # may create roles and schemas
    database_role_password: SecretStr  # what the service will sign in with
    rabbitmq_url: SecretStr
    bus_namespace: str = ""


def main(program: runtime.Program[runtime.R]) -> None:
    """Parse the arguments and do as they say."""
    application = typer.Typer(
        no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
    )

    @application.command()
    def run(role: Annotated[Role, typer.Option(help="api, worker or both")] = Role.ALL) -> None:
        """Serve HTTP, react to events, or both, until SIGTERM."""
        settings = program.settings.load()
        logging.configure(program.name, settings.log_level, settings.log_format)
        _collect_rarely()
        uvloop.run(runtime.run(program, settings, role))

    @application.command()
    def migrate(
        to: Annotated[str, typer.Option(help="a revision, or head")] = "head",
        down: Annotated[bool, typer.Option(help="go back to that revision (or base)")] = False,
    ) -> None:
        """Create the role, the schema and the queues, and bring the tables to a revision."""
        asyncio.run(_migrate(program, to, down))

    @application.command()
    def openapi() -> None:
        """Print the interface as JSON."""
        typer.echo(json.dumps(program.create_app().openapi(), indent=2))

    application()


def _collect_rarely() -> None:
    """Leave what was imported out of the garbage collector's rounds, and begin them less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE, 20, 20)


async def _migrate(program: runtime.Program[runtime.R], revision: str, down: bool) -> None:
    from koinonia.common import migrations  # alembic is 9 MB that a running service has no use for

    if not program.has_schema:
        return
    settings = load(MigrationSettings)
    owner = settings.database_owner_url.get_secret_value()
    if down:
        await migrations.downgrade(owner, program.name, revision=revision)
        return
    password = settings.database_role_password.get_secret_value()
    await migrations.upgrade(
        owner, program.name, password, revision=revision, formerly=program.formerly
    )
    await declare_queues(program, settings.rabbitmq_url.get_secret_value(), settings.bus_namespace)


async def declare_queues(
    program: runtime.Program[runtime.R], url: str, namespace: str = ""
) -> None:
    """Declare the program's queues, so that no event is published before its listener exists, and
    move there what waits in those of its former name."""
    connection = BusConnection(url, f"{program.name} migrate")
    try:
        channel = await (await connection.open()).channel()
        events = [subscription.event.name for subscription in program.subscriptions]
        names = bus.Names(namespace)
        await bus.declare(channel, names, program.name, events)
        if program.formerly:
            await bus.move_queues(url, names, program.formerly, program.name, events)
    finally:
        await connection.close()
