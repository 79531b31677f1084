"""Twilio as a caller: its own language, the same promises."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from koinonia.common.runtime import Running
from koinonia.common.testing import service
from koinonia.ingress.program import PROGRAM

from . import calls
from .conftest import PUBLIC_URL, Open, signed_by_twilio

STATUS, INBOUND = "/api/webhooks/twilio/status", "/api/webhooks/twilio/inbound"

Heard = Callable[[str], Any]


async def post(client: httpx.AsyncClient, path: str, body: bytes) -> httpx.Response:
    return await client.post(path, content=body, headers=signed_by_twilio(body, path))


async def test_a_report_is_on_the_bus_when_twilio_reads_204(
    ingress: httpx.AsyncClient, heard: Heard
) -> None:
    church, recipient = uuid4(), uuid4()
    path = f"{STATUS}?church={church}&recipient={recipient}"
    answer = await post(ingress, path, calls.twilio_report("undelivered", ErrorCode="30003"))
    assert (answer.status_code, answer.content) == (204, b"")
    event = await heard("carrier.status_reported")
    assert (event["churchId"], event["recipientId"]) == (str(church), str(recipient))
    assert (event["carrier"], event["sender"]) == ("twilio", calls.OURS)
    assert (event["status"], event["failure"]) == ("failed", "unreachable")
    assert event["failureCode"] == "30003"


async def test_a_text_from_a_person_is_answered_with_nothing_to_do(
    ingress: httpx.AsyncClient, heard: Heard, running: Running
) -> None:
    answer = await post(ingress, INBOUND, calls.twilio_text("Amén & so 🙏"))
    assert answer.headers["content-type"].startswith("text/xml")
    assert answer.text == '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
    event = await heard("carrier.message_received")
    assert (event["to"], event["text"]) == (calls.OURS, "Amén & so 🙏")
    assert calls.THEIRS not in str(event)
    assert running.phones.open(event["sealedSender"]) == calls.THEIRS


async def test_a_stop_is_told_with_pictures_and_all(
    ingress: httpx.AsyncClient, heard: Heard
) -> None:
    url = "https://api.twilio.com/media/1"
    body = calls.twilio_text("Stop", OptOutType="STOP", NumMedia="1", MediaUrl0=url)
    await post(ingress, INBOUND, body)
    event = await heard("carrier.message_received")
    assert (event["optOutType"], event["mediaUrls"]) == ("STOP", [url])


async def test_a_call_that_is_repeated_is_the_same_event(
    ingress: httpx.AsyncClient, heard: Heard
) -> None:
    body = calls.twilio_report()
    for _ in range(2):
        await post(ingress, STATUS, body)
    first, second = [await heard("carrier.status_reported") for _ in range(2)]
    assert first["id"] == second["id"]


async def test_sent_and_delivered_are_two_events(ingress: httpx.AsyncClient, heard: Heard) -> None:
    for status in ("sent", "delivered"):
        await post(ingress, STATUS, calls.twilio_report(status, MessageSid="SM1"))
    first, second = [await heard("carrier.status_reported") for _ in range(2)]
    assert first["id"] != second["id"]


@pytest.mark.parametrize(
    "query", ["?church=a%20b&recipient=%41", "?recipient=&church=", "?b=1&a=2&b=0", ""]
)
async def test_the_query_counts_byte_for_byte(ingress: httpx.AsyncClient, query: str) -> None:
    assert (await post(ingress, STATUS + query, calls.twilio_report())).status_code == 204


@pytest.mark.parametrize(
    "public_url",
    ["https://texts.example.org:443", "http://texts.example.org", "http://texts.example.org:80"],
)
async def test_a_proxy_may_hide_scheme_and_port(
    ingress: httpx.AsyncClient, public_url: str
) -> None:
    body = calls.twilio_report()
    headers = signed_by_twilio(body, STATUS, public_url)
    assert (await ingress.post(STATUS, content=body, headers=headers)).status_code == 204


async def test_a_call_is_good_at_the_address_of_the_ingress_and_at_the_one_of_the_gateway(
    open_ingress: Open,
) -> None:
    """Texts and numbers that were given the gateway's address go on with it."""
    given = {"webhooks_url": "https://hooks.example.org"}
    statuses = {}
    async with open_ingress(**given) as running, service.client(PROGRAM, running) as client:
        for address in ("https://hooks.example.org", PUBLIC_URL, "https://elsewhere.example.org"):
            body = calls.twilio_report()
            headers = signed_by_twilio(body, STATUS, address)
            answer = await client.post(STATUS, content=body, headers=headers)
            statuses[address] = answer.status_code
    assert list(statuses.values()) == [204, 204, 401]


@pytest.mark.parametrize(
    "headers",
    [
        lambda body: {"Content-Type": "application/x-www-form-urlencoded"},
        lambda body: signed_by_twilio(body + b"&x=1", STATUS),
        lambda body: signed_by_twilio(body, INBOUND),
        lambda body: signed_by_twilio(body, STATUS, "https://elsewhere.example.org"),
    ],
    ids=["unsigned", "another body", "another path", "another host"],
)
async def test_what_twilio_did_not_sign_is_refused(
    ingress: httpx.AsyncClient, heard: Heard, headers: Callable[[bytes], dict[str, str]]
) -> None:
    body = calls.twilio_report()
    answer = await ingress.post(STATUS, content=body, headers=headers(body))
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "BAD_SIGNATURE")
    assert await heard("carrier.status_reported") is None


async def test_an_unknown_status_is_accepted_and_says_nothing(
    ingress: httpx.AsyncClient, heard: Heard
) -> None:
    assert (await post(ingress, STATUS, calls.twilio_report("teleported"))).status_code == 204
    assert await heard("carrier.status_reported") is None


@pytest.mark.parametrize("path", [STATUS, INBOUND])
async def test_a_system_without_twilio_says_so(open_ingress: Open, path: str) -> None:
    async with (
        open_ingress(twilio_account_sid=None, twilio_auth_token=None) as running,
        service.client(PROGRAM, running) as client,
    ):
        answer = await post(client, path, calls.twilio_report())
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "CARRIER_NOT_CONFIGURED")
