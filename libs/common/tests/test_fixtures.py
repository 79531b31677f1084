"""What tests rely on: a database, a Redis and a bus of their own, patience, numbers, secrets."""

import asyncpg
import phonenumbers
import pytest
from redis.asyncio import Redis

from koinonia.common import crypto, migrations
from koinonia.common.bus import Names, declare
from koinonia.common.bus.connection import BusConnection
from koinonia.common.testing import bus, databases, phones, redis, secrets
from koinonia.common.testing.databases import Cluster, Databases
from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.servers import Servers


async def _ask(url: str, sql: str) -> object:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


@pytest.mark.parametrize("_again", [1, 2])
async def test_every_test_has_an_empty_database_of_its_own(
    databases: Databases, _again: int
) -> None:
    await _ask(databases.admin_url, "CREATE TABLE mine AS SELECT 1")
    assert await _ask(databases.admin_url, "SELECT count(*) FROM mine") == 1


@pytest.mark.services("billing")
async def test_a_service_logs_in_with_its_own_role(databases: Databases) -> None:
    sql = "SELECT current_user || ' ' || current_schema"
    assert await _ask(databases.url("billing"), sql) == "koinonia_billing billing"


@pytest.mark.services("billing")
async def test_a_service_whose_tables_are_not_here_is_named(databases: Databases) -> None:
    with pytest.raises(LookupError, match=r"holds billing. Mark the test .*services\(\"auth\""):
        databases.url("auth")


async def test_a_database_is_dropped_after_its_test(database_cluster: Cluster) -> None:
    async with database_cluster.database(frozenset()) as own:
        url = own.admin_url

    async def is_gone() -> bool:
        try:
            await _ask(url, "SELECT 1")
        except asyncpg.InvalidCatalogNameError:
            return True
        except asyncpg.PostgresError:  # in the middle of it
            return False
        return False

    await eventually(is_gone)


async def test_two_runs_on_one_server_do_not_meet(
    servers: Servers, database_cluster: Cluster
) -> None:
    billing = frozenset({"billing"})
    async with (
        Cluster.opened(servers.database_url) as other,
        other.database(billing) as theirs,
        database_cluster.database(billing) as ours,
    ):
        assert ours.admin_url != theirs.admin_url
        assert await _ask(ours.url("billing"), "SELECT 1") == 1
        assert await _ask(theirs.url("billing"), "SELECT 1") == 1


@pytest.mark.parametrize("_again", [1, 2])
async def test_every_test_has_an_empty_redis(redis_url: str, _again: int) -> None:
    async with Redis.from_url(redis_url) as client:
        assert await client.keys() == []
        await client.set("key", "value")


async def test_no_two_runs_have_the_same_redis_database(servers: Servers, redis_url: str) -> None:
    async with redis.own_database(servers.redis_url) as other:
        assert other.url != redis_url


async def test_what_a_test_declared_on_the_bus_is_deleted(rabbitmq_url: str) -> None:
    names = Names(bus.namespace())
    connection = BusConnection(rabbitmq_url, "tests")
    channel = await (await connection.open()).channel()
    await declare(channel, names, "billing", ["message.created"])
    await bus.clear(rabbitmq_url, names.namespace, ["billing"])
    with pytest.raises(Exception, match="NOT_FOUND"):
        await channel.get_queue(names.queue("billing", "message.created"))
    await connection.close()


async def test_eventually_tells_what_it_saw_last() -> None:
    with pytest.raises(AssertionError, match=r"not within 0.05 s; last seen: \[\]"):
        await eventually(list, within=0.05)


async def test_eventually_waits_for_asserts_inside() -> None:
    seen: list[int] = []

    def three() -> bool:
        seen.append(1)
        assert len(seen) == 3
        return True

    assert await eventually(three)


def test_fictional_numbers_are_distinct_and_valid() -> None:
    numbers = {phones.phone(n) for n in range(phones.COUNT)}
    assert len(numbers) == phones.COUNT >= 5000
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(number)) for number in numbers)


def test_a_number_past_the_last_is_refused() -> None:
    with pytest.raises(ValueError, match="is not one of them"):
        phones.phone(phones.COUNT)


def test_the_demo_keys_open_what_they_sealed_and_differ_by_seed() -> None:
    ours, other = secrets.demo_environment(), secrets.demo_environment("other")
    assert crypto.KeyRing.parse(ours["KOINONIA_PHONE_KEYS"])
    assert not [name for name in ours if "URL" not in name and ours[name] == other[name]]


def test_roles_have_one_password_per_server_that_is_not_the_administrators() -> None:
    urls = [f"postgresql://admin:{word}@db/{name}" for word, name in ("a1", "a2", "b1")]
    first, same, other = map(secrets.role_password, urls)
    assert first == same != other
    assert migrations.role("billing") in databases.role_url(urls[0], "billing")
