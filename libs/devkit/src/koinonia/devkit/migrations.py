"""Schemas and queues of all services, before any of them runs."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import asyncpg
from sqlalchemy.engine import make_url

from koinonia.common import cli, migrations
from koinonia.devkit.environment import Environment
from koinonia.devkit.layout import SERVICES, program, with_schema


def create_database(server_url: str, name: str) -> str:
    """The URL of database ``name`` on the server, created if it does not exist."""
    _in_a_loop(_create(server_url, name))
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


def migrate(environment: Environment) -> None:
    """Every role, schema and queue, brought to the present state. May be repeated."""
    _in_a_loop(_migrate(environment))


async def _create(server_url: str, name: str) -> None:
    connection = await asyncpg.connect(server_url, timeout=10)
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            await connection.execute(f'CREATE DATABASE "{name}"')
    finally:
        await connection.close()


async def _migrate(environment: Environment) -> None:
    async with asyncio.TaskGroup() as tasks:
        for service in with_schema():
            tasks.create_task(_queues(environment, service))
        for service in SERVICES:
            tasks.create_task(_broker_user(environment, service))
        for service in with_schema():  # one after the other: alembic keeps its context in a global
            await migrations.upgrade(
                environment.database_url,
                service,
                environment.role_password,
                formerly=program(service).formerly,
            )


async def _queues(environment: Environment, service: str) -> None:
    await cli.declare_queues(program(service), environment.rabbitmq_url, environment.namespace)


async def _broker_user(environment: Environment, service: str) -> None:
    if url := environment.rabbitmq_management_url:
        await cli.grant(
            program(service),
            url,
            environment.rabbitmq_url,
            environment.broker_password(service),
            environment.namespace,
        )


def _in_a_loop(coroutine: object) -> None:
    """Run to the end in a loop of its own, whether or not the caller has one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, coroutine).result()  # type: ignore[arg-type]
