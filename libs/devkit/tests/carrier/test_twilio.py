"""The simulated carrier in Twilio's language: another tongue, the same network and ledger.

What Twilio's client understands of it is in the contract tests of the carriers.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from koinonia.carriers.contract import StatusReport
from koinonia.carriers.twilio import events, signature
from koinonia.common.testing.eventually import eventually
from koinonia.devkit.carrier import simulated
from koinonia.devkit.carrier.app import create_app
from koinonia.devkit.carrier.http_server import serving
from koinonia.devkit.carrier.network import Network

from .conftest import CALM, PHONE, SENDER

SID, TOKEN = "AC00000000000000000000000000000001", "token0123"
ACCOUNT = f"/2010-04-01/Accounts/{SID}"
SHOWN = {
    *("account_sid", "api_version", "body", "date_created", "date_sent", "date_updated"),
    *("direction", "error_code", "error_message", "from", "messaging_service_sid", "num_media"),
    *("num_segments", "price", "price_unit", "sid", "status", "subresource_uris", "to", "uri"),
}


@dataclass
class Twilio:
    """A customer of the carrier, who verifies everything that is posted to them."""

    network: Network
    api: httpx.AsyncClient
    url: str = ""
    forms: list[dict[str, str]] = field(default_factory=list)

    async def hear(self, request: Request) -> Response:
        raw, url = await request.body(), str(request.url)
        signature.verify([TOKEN], raw, request.headers, url)
        self.forms.append(dict(parse_qsl(raw.decode(), keep_blank_values=True)))
        return Response()

    async def send(self, **given: Any) -> httpx.Response:
        usual = {"From": SENDER, "To": PHONE, "Body": "Hello", "StatusCallback": self.url}
        return await self.api.post(f"{ACCOUNT}/Messages.json", data=usual | given)

    async def reported(self) -> list[str]:
        await eventually(lambda: self.network.pending == 0)
        return [form["SmsStatus"] for form in self.forms]


@pytest.fixture(scope="module")
async def served() -> AsyncIterator[Twilio]:
    network = simulated.network(Ed25519PrivateKey.from_private_bytes(bytes(32)), seed=7)
    async with (
        serving(create_app(network)) as url,
        httpx.AsyncClient(base_url=url, auth=(SID, TOKEN)) as api,
    ):
        customer = Twilio(network, api)
        app = Starlette(routes=[Route("/{path:path}", customer.hear, methods=["POST"])])
        async with serving(app) as customer.url:
            customer.url += "/status?church=1&recipient=%41"
            yield customer


@pytest.fixture
async def twilio(served: Twilio) -> AsyncIterator[Twilio]:
    served.network.behaviour.turn(CALM)
    yield served
    served.network.forget()
    served.forms.clear()


async def test_a_message_has_the_documented_form(twilio: Twilio) -> None:
    answer = await twilio.send()
    assert answer.status_code == 201
    message = answer.json()
    assert set(message) == SHOWN
    assert (message["status"], message["num_segments"], message["price"]) == ("queued", "1", None)


async def test_every_call_is_a_text_of_its_own(twilio: Twilio) -> None:
    first, second = (await twilio.send()).json(), (await twilio.send()).json()
    await twilio.reported()
    assert first["sid"] != second["sid"]
    assert len(twilio.network.ledger.phones[PHONE].receipts) == 2


async def test_a_text_is_reported_sent_and_delivered_with_a_signature(twilio: Twilio) -> None:
    sid = (await twilio.send()).json()["sid"]
    assert await twilio.reported() == ["sent", "delivered"]
    assert {form["MessageSid"] for form in twilio.forms} == {sid}
    assert {form["AccountSid"] for form in twilio.forms} == {SID}


@pytest.mark.parametrize(
    ("outcome", "reported", "code"),
    [
        ("40008", ["sent", "undelivered"], "30003"),
        ("40001", ["sent", "undelivered"], "30006"),
        ("30007", ["sent", "undelivered"], "30007"),
        ("40014", ["failed"], "30036"),
        ("unconfirmed", ["sent"], None),
    ],
)
async def test_a_fate_is_told_in_twilios_codes(
    twilio: Twilio, outcome: str, reported: list[str], code: str | None
) -> None:
    twilio.network.behaviour.outcomes[PHONE] = outcome
    await twilio.send()
    assert await twilio.reported() == reported
    assert twilio.forms[-1].get("ErrorCode") == code


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"To": "2025550142"}, 21211),
        ({"To": ""}, 21604),
        ({"From": ""}, 21603),
        ({"From": "GRACE"}, 21606),
        ({"Body": ""}, 21619),
        ({"Body": "x" * 1601}, 21617),
        ({"MediaUrl": ["https://example.org/1.jpg"] * 11}, 21623),
    ],
)
async def test_a_wrong_text_is_refused_with_its_code(
    twilio: Twilio, given: dict[str, Any], code: int
) -> None:
    answer = await twilio.send(**given)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


async def test_what_is_no_form_is_refused(twilio: Twilio) -> None:
    answer = await twilio.api.post(f"{ACCOUNT}/Messages.json", json={"To": PHONE})
    assert answer.status_code == 400


@pytest.mark.parametrize("auth", [("", ""), ("AC2", TOKEN), (SID, "")])
async def test_without_the_right_account_nothing_is_done(
    twilio: Twilio, auth: tuple[str, str]
) -> None:
    async with httpx.AsyncClient(base_url=twilio.api.base_url, auth=auth) as stranger:
        answer = await stranger.post(f"{ACCOUNT}/Messages.json", data={"To": PHONE})
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)


async def test_both_languages_write_into_one_ledger(twilio: Twilio) -> None:
    await twilio.send()
    body = {"from": "+12025550191", "to": PHONE, "text": "Hello"}
    await twilio.api.post("/v2/messages", json=body, auth=Bearer())
    await twilio.reported()
    assert twilio.network.ledger.phones[PHONE].accepted == 2


@pytest.mark.parametrize(
    ("words", "keyword"), [("revoke", "STOP"), ("YES", "START"), ("info", "HELP"), ("no", None)]
)
async def test_twilio_has_keywords_of_its_own(
    twilio: Twilio, words: str, keyword: str | None
) -> None:
    await twilio.send()
    assert twilio.network.arrive_from(PHONE, SENDER, words, []) == keyword


async def test_a_stop_to_a_number_without_a_service_blocks_that_number(twilio: Twilio) -> None:
    await twilio.send()
    twilio.network.arrive_from(PHONE, SENDER, "STOP", [])
    assert (await twilio.send()).json()["code"] == 21610
    assert (await twilio.send(From="+12025550191")).status_code == 201


class Bearer(httpx.Auth):
    def auth_flow(self, request: httpx.Request) -> Any:
        request.headers["Authorization"] = "Bearer KEY0123"
        yield request


async def test_a_text_that_never_left_is_shown_as_failed(twilio: Twilio) -> None:
    twilio.network.behaviour.outcomes[PHONE] = "40014"
    sid = (await twilio.send(MessagingServiceSid="MG1")).json()["sid"]
    await twilio.reported()
    shown = (await twilio.api.get(f"{ACCOUNT}/Messages/{sid}.json")).json()
    assert (shown["status"], shown["num_segments"]) == ("failed", "1")


async def test_odd_reports_can_be_understood_and_illegible_ones_not(twilio: Twilio) -> None:
    async def understood(**shares: float) -> float:
        twilio.network.behaviour.turn({"odd_share": 0.0} | shares)
        twilio.forms.clear()
        for number in range(100, 140):
            await twilio.send(To=f"+12025550{number}", Body=str(shares))
        await eventually(lambda: twilio.network.pending == 0)
        parsed = [events.event(urlencode(form).encode()) for form in twilio.forms]
        return sum(isinstance(each, StatusReport) for each in parsed) / len(parsed)

    assert await understood(odd_share=1.0) == 1
    assert await understood(illegible_share=1.0) == 0
