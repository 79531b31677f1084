"""No call of a carrier, genuine or not, holds the event loop for more than a tenth of a second."""

import httpx
import pytest

from koinonia.common.testing import loop_steps

from . import calls
from .conftest import signed, signed_by_twilio

SIZE = 256 * 1024
INBOUND = "/api/webhooks/twilio/inbound"
FORM = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": "none"}
JSON = {"Content-Type": "application/json"}
FORMS = {
    "pairs": b"a=b&" * (SIZE // 4),
    "one value": b"Body=" + b"%EF%B7%BA" * ((SIZE - 5) // 9),
    "no pair": b"&" * SIZE,
}
BODIES = {
    "text": calls.received("\ufdfa" * 80_000),
    "deep": b"[" * (SIZE // 2) + b"]" * (SIZE // 2),
    "wide": b'{"data":[' + b"{}," * (SIZE // 4) + b"{}]}",
}


@pytest.mark.parametrize("name", FORMS)
async def test_no_form_holds_the_loop(ingress: httpx.AsyncClient, name: str) -> None:
    body = FORMS[name]
    for headers in (FORM, signed_by_twilio(body, INBOUND)):
        async with loop_steps.held_briefly():
            answer = await ingress.post(INBOUND, content=body, headers=headers)
        assert answer.status_code < 500


@pytest.mark.parametrize("name", BODIES)
async def test_no_json_holds_the_loop(ingress: httpx.AsyncClient, name: str) -> None:
    body = BODIES[name]
    for headers in (JSON, signed(body) | JSON):
        for path in ("status", "mms"):
            async with loop_steps.held_briefly():
                answer = await ingress.post(
                    f"/api/webhooks/telnyx/{path}", content=body, headers=headers
                )
            assert answer.status_code < 500
