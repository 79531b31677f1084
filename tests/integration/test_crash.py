"""A process that dies at the worst moment: nobody is texted twice, nothing accepted is lost."""

from collections.abc import AsyncIterator

import asyncpg
import pytest_asyncio

from koinonia.common.testing.eventually import eventually
from koinonia.devkit.system import System

from .churches import Church
from .conftest import Founded
from .network import Network

TEXT = "The roof is leaking. Bring buckets, and a friend."


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def whole_again(system: System) -> AsyncIterator[None]:
    """Whatever a test killed runs again afterwards."""
    yield
    for name in system.environment.parts:
        restart(system, name)


async def test_messaging_killed_in_the_middle_of_a_broadcast_texts_everybody_once(
    system: System, found: Founded, phones: Network
) -> None:
    church = await found(members=500)
    await phones.turn(send_latency=0.1)
    sent = await church.send(TEXT)
    await eventually(lambda: _has_begun(phones, church), 15)
    system.kill("messaging")
    await phones.turn(send_latency=0.0)
    halfway = await _received(phones, church)
    assert 0 < sum(halfway) < 500
    await _let_silence_last(system)
    restart(system, "messaging")
    await _let_watching_last(system)
    message = await church.settled(sent["id"], 45)
    await phones.rest()
    assert message["counts"]["delivered"] == 500
    assert await _received(phones, church) == [1] * 500


async def test_a_message_accepted_in_the_last_moment_of_messaging_is_sent_after_its_restart(
    system: System, found: Founded, phones: Network
) -> None:
    church = await found(members=5)
    sent = await church.send(TEXT)
    system.kill("messaging")
    await _let_leases_run_out(system)
    restart(system, "messaging")
    message = await church.settled(sent["id"])
    await phones.rest()
    assert message["counts"]["delivered"] == 5
    assert await _received(phones, church) == [1] * 5


async def test_a_message_waits_for_billing_and_is_sent_when_it_is_back(
    system: System, found: Founded, phones: Network
) -> None:
    church = await found(members=5)
    system.kill("billing")
    sent = await church.send(TEXT)
    waiting = await church.get(f"/api/messages/{sent['id']}")
    assert (waiting["status"], waiting["counts"]["pending"]) == ("pending", 5)
    restart(system, "billing")
    message = await church.settled(sent["id"])
    assert message["counts"]["delivered"] == 5


async def test_reports_that_come_while_messaging_is_away_are_not_lost(
    system: System, found: Founded, phones: Network
) -> None:
    church = await found(members=20)
    await phones.turn(final_after=2.0)
    sent = await church.send(TEXT)
    await eventually(lambda: _all_have_left(church, sent["id"]), 15)
    system.kill("messaging")
    await phones.rest()
    restart(system, "messaging")
    message = await church.settled(sent["id"])
    assert message["counts"]["delivered"] == 20


async def test_while_a_service_is_away_the_others_answer_and_say_so(
    system: System, found: Founded
) -> None:
    church = await found(number=False)
    system.kill("analytics")
    away = await church.api.get("/api/analytics/stats")
    assert (away.status_code, away.json()["error"]["code"]) == (503, "UPSTREAM_DOWN")
    assert "analytics" in away.json()["error"]["message"]
    assert await church.get("/api/members")

    async def reported() -> bool:
        health = await church.get("/health")
        return bool(health["status"] == "degraded" and not health["services"]["analytics"]["ok"])

    await eventually(reported, 10)


def restart(system: System, name: str) -> None:
    """Start the part if it does not run, and wait until it is ready."""
    if not system.running(name):
        system.start_part(name)
        system.wait_until_ready([name])


async def _received(phones: Network, church: Church) -> list[int]:
    """How many texts each phone of the church received."""
    ledger = (await phones.ledger())["phones"]
    return [ledger.get(each, {"received": 0})["received"] for each in church.phones]


async def _has_begun(phones: Network, church: Church) -> bool:
    return sum(await _received(phones, church)) >= 40


async def _all_have_left(church: Church, message_id: str) -> bool:
    counts = (await church.get(f"/api/messages/{message_id}"))["counts"]
    return bool(counts["pending"] + counts["sending"] == 0)


async def _let_silence_last(system: System) -> None:
    """As eight seconds would: whoever has not renewed its row by then is dead."""
    await _as_owner(system, "UPDATE messaging.workers SET alive_until = now()")


async def _let_watching_last(system: System) -> None:
    """As four seconds would: whoever began calls nobody dead before."""
    await _as_owner(
        system, "UPDATE messaging.workers SET steady_since = steady_since - interval '1 minute'"
    )


async def _let_leases_run_out(system: System) -> None:
    """As a minute would, in which a worker that still lived could finish its calls."""
    await _as_owner(
        system,
        """
        UPDATE messaging.dispatch_batches SET due_at = now() WHERE state <> 'waiting';
        UPDATE messaging.message_recipients SET lease_until = now() WHERE status = 'sending';
        """,
    )


async def _as_owner(system: System, sql: str) -> None:
    owner = await asyncpg.connect(system.environment.database_url)
    await owner.execute(sql)
    await owner.close()
