"""Calls as carriers make them, stating only what a test is about."""

import json
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

OURS, THEIRS = "+12025550190", "+12025550142"


def call(event_type: str, payload: dict[str, Any], event_id: str | None = None) -> bytes:
    data = {
        "record_type": "event",
        "id": event_id or str(uuid4()),
        "event_type": event_type,
        "occurred_at": "2026-11-01T15:00:02.900+00:00",
        "payload": {"id": str(uuid4()), "record_type": "message", "type": "SMS"} | payload,
    }
    return json.dumps({"data": data, "meta": {"attempt": 1}}, ensure_ascii=False).encode()


def delivered(event_id: str | None = None) -> bytes:
    payload = {
        "direction": "outbound",
        "from": {"phone_number": OURS},
        "to": [{"phone_number": THEIRS, "status": "delivered"}],
        "parts": 2,
        "cost": {"amount": "0.0102", "currency": "USD"},
        "errors": [],
    }
    return call("message.finalized", payload, event_id)


def received(text: str = "Amén 🙏", **changed: object) -> bytes:
    payload = {
        "direction": "inbound",
        "from": {"phone_number": THEIRS},
        "to": [{"phone_number": OURS, "status": "webhook_delivered"}],
        "text": text,
        "received_at": "2026-11-01T15:10:00.100+00:00",
    }
    return call("message.received", payload | changed)


def form(**given: str) -> bytes:
    """A form as Twilio posts it; a parameter given as empty stays empty."""
    sid = f"SM{uuid4().hex}"
    usual = {"MessageSid": sid, "SmsSid": sid, "AccountSid": "AC1", "ApiVersion": "2010-04-01"}
    return urlencode(usual | given).encode()


def twilio_report(status: str = "delivered", **given: str) -> bytes:
    return form(MessageStatus=status, SmsStatus=status, From=OURS, To=THEIRS, **given)


def twilio_text(text: str = "Amén 🙏", **given: str) -> bytes:
    return form(SmsStatus="received", From=THEIRS, To=OURS, Body=text, **given)
