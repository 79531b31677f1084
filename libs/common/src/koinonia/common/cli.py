"""The command line every service has: ``run``, ``migrate``, ``openapi``."""

import asyncio
import json
from enum import StrEnum
from typing import Annotated

import typer
import uvloop
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from koinonia.common import bus, logging, memory, runtime
from koinonia.common.bus import permissions as broker
from koinonia.common.bus.connection import BusConnection
from koinonia.common.settings import PREFIX, load


class Role(StrEnum):
    """Which half of the service this process is."""

    API = "api"
    WORKER = "worker"
    ALL = "all"


class BrokerSettings(BaseSettings):
    """What ``migrate`` reads of the broker. Without the last two, the service's user on the broker
    is somebody else's to make."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="ignore")

    rabbitmq_url: SecretStr  # of its owner, who may declare exchanges and queues
    bus_namespace: str = ""
    rabbitmq_management_url: SecretStr | None = None  # http://owner:password@host:15672
    rabbitmq_user_password: SecretStr | None = None  # what the service will sign in with


class MigrationSettings(BrokerSettings):
    """The same with the owner's URL of the database."""

    database_owner_url: SecretStr  # may create roles and schemas
    database_role_password: SecretStr  # what the service will sign in with


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
        memory.give_back()
        memory.collect_rarely()
        uvloop.run(runtime.run(program, settings, role))

    @application.command()
    def migrate(
        to: Annotated[str, typer.Option(help="a revision, or head")] = "head",
        down: Annotated[bool, typer.Option(help="go back to that revision (or base)")] = False,
    ) -> None:
        """Create the roles, the schema and the queues, and bring the tables to a revision."""
        asyncio.run(_migrate(program, to, down))

    @application.command()
    def permissions(namespace: str = "") -> None:
        """Print what the service's user on the broker may do, as commands for rabbitmqctl."""
        typer.echo("\n".join(broker.commands(_permissions(program, namespace))))

    @application.command()
    def openapi() -> None:
        """Print the interface as JSON."""
        typer.echo(json.dumps(program.create_app().openapi(), indent=2))

    application()


async def _migrate(program: runtime.Program[runtime.R], revision: str, down: bool) -> None:
    from koinonia.common import migrations  # alembic is 9 MB that a running service has no use for

    if not program.has_schema:
        await _grant(program, load(BrokerSettings))
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
    await _grant(program, settings)


async def _grant(program: runtime.Program[runtime.R], settings: BrokerSettings) -> None:
    url, password = settings.rabbitmq_management_url, settings.rabbitmq_user_password
    if url and password:
        await grant(
            program,
            url.get_secret_value(),
            settings.rabbitmq_url.get_secret_value(),
            password.get_secret_value(),
            settings.bus_namespace,
        )


async def grant(
    program: runtime.Program[runtime.R],
    management_url: str,
    broker_url: str,
    password: str,
    namespace: str = "",
) -> str:
    """Make the program's own user on the broker; the URL that it signs in with."""
    allowed = _permissions(program, namespace)
    await broker.grant(management_url, broker_url, allowed, password)
    return broker.user_url(broker_url, allowed.user, password)


def _permissions(program: runtime.Program[runtime.R], namespace: str) -> broker.Permissions:
    return broker.of_service(program.name, bus.Names(namespace), program.streams)


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
