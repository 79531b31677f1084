"""What carriers can rely on: every genuine call is kept, and no other has an effect."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from koinonia.common.outbox import Relay
from koinonia.common.runtime import Running
from koinonia.common.testing import service
from koinonia.common.testing.databases import Databases
from koinonia.ingress import kept_calls
from koinonia.ingress.program import PROGRAM

from . import calls
from .conftest import Open, signed

STATUS, INBOUND = "/api/webhooks/telnyx/status", "/api/webhooks/telnyx/mms"
NOWHERE = "amqp://guest:guest@127.0.0.1:1/"

Heard = Callable[[str], Any]


async def post(
    client: httpx.AsyncClient, path: str, body: bytes, headers: dict[str, str] | None = None
) -> httpx.Response:
    return await client.post(
        path, content=body, headers=signed(body) if headers is None else headers
    )


@asynccontextmanager
async def cut_off(open_ingress: Open, **settings: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an ingress that cannot reach the broker."""
    async with (
        open_ingress(rabbitmq_url=NOWHERE, **settings) as alone,
        service.client(PROGRAM, alone) as client,
    ):
        yield client


async def test_a_report_is_on_the_bus_when_the_carrier_reads_200(
    ingress: httpx.AsyncClient, heard: Heard
) -> None:
    church, recipient = uuid4(), uuid4()
    path = f"{STATUS}?church={church}&recipient={recipient}"
    answer = await post(ingress, path, calls.delivered())
    assert (answer.status_code, answer.json()) == (200, {"received": 1, "understood": 1})
    event = await heard("carrier.status_reported")
    assert (event["churchId"], event["recipientId"]) == (str(church), str(recipient))
    assert (event["status"], event["parts"]) == ("delivered", 2)
    assert Decimal(event["cost"]) == Decimal("0.0102")


async def test_a_text_from_a_person_travels_with_its_phone_sealed(
    ingress: httpx.AsyncClient, heard: Heard, running: Running
) -> None:
    await post(ingress, INBOUND, calls.received("Amén 🙏"))
    event = await heard("carrier.message_received")
    assert (event["to"], event["text"]) == (calls.OURS, "Amén 🙏")
    assert calls.THEIRS not in str(event)
    assert running.phones.open(event["sealedSender"]) == calls.THEIRS


@pytest.mark.parametrize("is_marked", [True, False])
async def test_of_a_group_text_nobody_is_told_in_the_clear_but_a_number_that_is_ours(
    ingress: httpx.AsyncClient, heard: Heard, running: Running, is_marked: bool
) -> None:
    friend = "+12025550155"
    ours = {"phone_number": calls.OURS, "status": "webhook_delivered" if is_marked else "unknown"}
    body = calls.received(to=[{"phone_number": "(202) 555-0155"}, ours], cc=["mum@example.org"])
    await post(ingress, INBOUND, body)
    event = await heard("carrier.message_received")
    assert event["to"] == (calls.OURS if is_marked else "")
    assert friend not in str(event)
    opened = {running.phones.open(each) for each in event["sealedGroup"]}
    assert opened == {friend, calls.OURS, "mum@example.org"}


async def test_a_call_that_is_repeated_is_the_same_event(
    ingress: httpx.AsyncClient, heard: Heard
) -> None:
    body = calls.delivered(event_id=str(uuid4()))
    await post(ingress, STATUS, body)
    await post(ingress, STATUS, body)
    first, second = [await heard("carrier.status_reported") for _ in range(2)]
    assert first["id"] == second["id"]


@pytest.mark.parametrize("token", ["", "?church=&recipient=", "?church=1&recipient=%00%ff"])
async def test_a_report_without_a_usable_url_is_taken_all_the_same(
    ingress: httpx.AsyncClient, heard: Heard, token: str
) -> None:
    assert (await post(ingress, STATUS + token, calls.delivered())).status_code == 200
    event = await heard("carrier.status_reported")
    assert (event["recipientId"], event["sender"]) == (None, calls.OURS)


@pytest.mark.parametrize(
    "change",
    [
        lambda body: {},
        lambda body: signed(body + b" "),
        lambda body: signed(body, at=time.time() - 301),
        lambda body: signed(body, at=time.time() + 305),
        lambda body: signed(body) | {"telnyx-timestamp": "soon"},
    ],
    ids=["unsigned", "another body", "old", "of the future", "no time"],
)
async def test_what_the_carrier_did_not_sign_is_refused(
    ingress: httpx.AsyncClient, heard: Heard, change: Callable[[bytes], dict[str, str]]
) -> None:
    body = calls.delivered()
    answer = await post(ingress, STATUS, body, change(body))
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "BAD_SIGNATURE")
    assert await heard("carrier.status_reported") is None


async def test_a_genuine_call_is_taken_whatever_failed_before_it(
    ingress: httpx.AsyncClient, heard: Heard
) -> None:
    body = calls.delivered()
    forged = [await post(ingress, STATUS, body, {}) for _ in range(32)]
    assert [answer.status_code for answer in forged] == [401] * 30 + [429] * 2
    assert forged[-1].json()["error"]["code"] == "TOO_MANY_FAILURES"
    assert (await post(ingress, STATUS, body)).status_code == 200
    assert await heard("carrier.status_reported")


async def test_failures_are_counted_per_address(open_ingress: Open) -> None:
    async with (
        open_ingress(webhook_failures_per_minute=1) as running,
        service.client(PROGRAM, running) as client,
    ):
        seen = []
        for address in (
            "198.51.100.1",
            "198.51.100.2",
            "198.51.100.1",
            "2001:db8::1",
            "2001:db8::2",
        ):
            forged = {"X-Forwarded-For": f"203.0.113.7, {address}"}
            seen.append((await post(client, STATUS, calls.delivered(), forged)).status_code)
    assert seen == [401, 401, 429, 401, 429]


async def test_who_is_no_proxy_of_ours_cannot_say_who_called(open_ingress: Open) -> None:
    async with (
        open_ingress(webhook_failures_per_minute=1, trusted_proxies="0") as running,
        service.client(PROGRAM, running) as client,
    ):
        forged = [{"X-Forwarded-For": f"198.51.100.{n}"} for n in range(3)]
        seen = [await post(client, STATUS, calls.delivered(), each) for each in forged]
    assert [answer.status_code for answer in seen] == [401, 429, 429]


@pytest.mark.parametrize("body", [b"", b"[1]", b"not json", b"\xff\xfe", b"[" * 100_000])
async def test_a_signed_call_that_is_no_event_gets_a_clear_400(
    ingress: httpx.AsyncClient, body: bytes
) -> None:
    answer = await post(ingress, STATUS, body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "MALFORMED_REPORT")


async def test_five_megabytes_are_refused(ingress: httpx.AsyncClient) -> None:
    answer = await post(ingress, STATUS, b"x" * 5_000_000)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "TOO_LARGE")


async def test_an_unknown_event_is_accepted_and_kept_sealed(
    ingress: httpx.AsyncClient, databases: Databases
) -> None:
    answer = await post(ingress, INBOUND, calls.call("message.telepathy", {"from": calls.THEIRS}))
    assert (answer.status_code, answer.json()) == (200, {"received": 1, "understood": 0})
    owner = await asyncpg.connect(databases.admin_url)
    row = await owner.fetchrow("SELECT event_type, sealed_body FROM ingress.kept_calls")
    await owner.close()
    assert row["event_type"] == "message.telepathy"
    assert calls.THEIRS not in row["sealed_body"]


async def test_kept_calls_are_forgotten_in_time(
    ingress: httpx.AsyncClient, running: Running, databases: Databases
) -> None:
    await post(ingress, INBOUND, calls.call("message.telepathy", {}))
    owner = await asyncpg.connect(databases.admin_url)
    await kept_calls.prune(running)
    assert await owner.fetchval("SELECT count(*) FROM ingress.kept_calls") == 1
    await owner.execute("UPDATE ingress.kept_calls SET received_at = now() - interval '31 days'")
    await kept_calls.prune(running)
    assert await owner.fetchval("SELECT count(*) FROM ingress.kept_calls") == 0
    await owner.close()


async def test_without_the_broker_calls_are_spooled_in_time_and_drained_later(
    open_ingress: Open, heard: Heard, running: Running
) -> None:
    async with cut_off(open_ingress) as client:
        started = time.monotonic()
        answers = [await post(client, INBOUND, calls.received(str(n))) for n in range(5)]
        assert time.monotonic() - started < 2
    assert {answer.status_code for answer in answers} == {200}
    assert await Relay(running.database, running.publisher.publish).drain() == 5
    assert [(await heard("carrier.message_received"))["text"] for _ in range(5)] == list("01234")


async def test_a_call_repeated_while_spooled_is_spooled_once(
    open_ingress: Open, heard: Heard, running: Running
) -> None:
    body = calls.received()
    async with cut_off(open_ingress) as client:
        statuses = [(await post(client, INBOUND, body)).status_code for _ in range(3)]
    assert statuses == [200, 200, 200]
    assert await Relay(running.database, running.publisher.publish).drain() == 1
    assert await heard("carrier.message_received") is not None


async def test_without_broker_and_database_the_carrier_is_told_to_come_again(
    open_ingress: Open,
) -> None:
    nowhere = "postgresql://nobody:x@127.0.0.1:1/none"
    async with cut_off(open_ingress, database_url=nowhere) as client:
        answer = await post(client, STATUS, calls.delivered())
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "INGRESS_UNAVAILABLE")
