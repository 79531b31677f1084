"""The dialect of Telnyx: the objects of its API, its signed events, its refusals."""

import base64
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from uuid import UUID, uuid4

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from koinonia.common import clock
from koinonia.devkit.carrier.network import Network
from koinonia.devkit.carrier.reporting.dialects import Body, Call, Notification, Twist
from koinonia.devkit.carrier.state import refusals
from koinonia.devkit.carrier.state.numbers import Order, Profile
from koinonia.devkit.carrier.state.refusals import Refused
from koinonia.devkit.carrier.state.texts import Inbound, Status, Text, stamp
from koinonia.devkit.carrier.telnyx.oddities import ODDITIES

TELNYX = "telnyx"
ORGANIZATION = "5f0c1c1e-0000-4000-8000-000000000002"
STATUSES = {
    Status.UNCONFIRMED: "delivery_unconfirmed",
    Status.UNDELIVERED: "delivery_failed",
    Status.FAILED: "sending_failed",
}
KEYWORDS = {
    **dict.fromkeys(
        ("STOP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"), "STOP"
    ),
    **dict.fromkeys(("START", "UNSTOP"), "START"),
    **dict.fromkeys(("HELP", "INFO"), "HELP"),
}


class TelnyxDialect:
    """Events keep their id over all attempts; each attempt is signed anew. ``api_key`` None lets
    every key in."""

    name = TELNYX

    keywords: Mapping[str, str] = KEYWORDS
    oddities = ODDITIES
    tells_cost = True

    def __init__(self, key: Ed25519PrivateKey, api_key: str | None = None) -> None:
        self._key = key
        self.api_key = api_key

    def admits(self, api_key: str) -> bool:
        """Whether the caller may call."""
        return bool(api_key) and self.api_key in (None, api_key)

    @property
    def public_key(self) -> str:
        return base64.b64encode(self._key.public_key().public_bytes_raw()).decode()

    def sent(self, text: Text, twists: Sequence[Twist] = ()) -> Notification:
        return self._notification("message.sent", message(text), twists)

    def finished(self, text: Text, twists: Sequence[Twist] = ()) -> Notification:
        return self._notification("message.finalized", message(text), twists)

    def received(self, text: Inbound) -> Notification:
        return self._notification("message.received", inbound(text))

    def ordered(self, order: Order) -> Notification:
        return self._notification("number_order.complete", number_order(order))

    def _notification(
        self, event_type: str, payload: dict[str, object], twists: Sequence[Twist] = ()
    ) -> Notification:
        about = str(payload["id"])
        data: Body = {
            "event_type": event_type,
            "id": str(uuid4()),
            "occurred_at": clock.now().isoformat(timespec="milliseconds"),
            "payload": payload,
            "record_type": "event",
        }
        for twist in twists:
            twist.change(data)

        def call(url: str, attempt: int) -> Call:
            meta = {"attempt": attempt, "delivered_to": url}
            body = orjson.dumps({"data": data, "meta": meta})
            return {"Content-Type": "application/json", **self._signature(body)}, body

        return Notification(event_type, about, call)

    def _signature(self, body: bytes) -> dict[str, str]:
        at = str(int(time.time()))
        proof = self._key.sign(at.encode() + b"|" + body)
        return {
            "telnyx-timestamp": at,
            "telnyx-signature-ed25519": base64.b64encode(proof).decode(),
        }


def telnyx_of(network: Network) -> TelnyxDialect:
    """The dialect that its routes are asked in."""
    found = network.dialects[TELNYX]
    assert isinstance(found, TelnyxDialect)
    return found


def message(text: Text) -> dict[str, object]:
    """The message object of the API and of reports."""
    return {
        **_common(text, "outbound"),
        "from": {"phone_number": text.sender, "carrier": "TELNYX LLC", "line_type": "VoIP"},
        "to": [_party(text.to, STATUSES.get(text.status, text.status), "T-MOBILE USA, INC.")],
        "webhook_url": text.webhook_url,
        "num_chars": len(text.text),
        "cost": {"amount": text.cost, "currency": "USD"},
        "sent_at": text.sent_at,
        "completed_at": text.completed_at,
        "errors": [report_error(text.code)] if text.code else [],
    }


def inbound(text: Inbound) -> dict[str, object]:
    """The message object of a text from a person."""
    shown = {
        **_common(text, "inbound"),
        "from": {"phone_number": text.sender, "carrier": "T-Mobile USA", "line_type": "Wireless"},
        "to": _parties(text, text.others.to if text.others else [text.to]),
        "cc": _parties(text, text.others.cc if text.others else ()),
        "media": [
            _medium(url, kind) for url, kind in zip(text.media_urls, text.media_types, strict=True)
        ],
        "cost": {"amount": "0.0000", "currency": "USD"},
        "sent_at": None,
        "completed_at": None,
        "errors": [],
    }
    return shown | ({"autoresponse_type": text.autoresponse} if text.autoresponse else {})


def number_id(order: Order) -> str:
    """What Telnyx calls a number once it is owned: a number, not a UUID."""
    return str(UUID(order.number_id).int % 10**19)


def phone_number(order: Order) -> dict[str, object]:
    """A number that is owned."""
    return {
        "record_type": "phone_number",
        "id": number_id(order),
        "phone_number": order.phone_number,
        "status": "active" if order.status == "success" else "purchase-pending",
        "customer_reference": order.reference,
        "messaging_profile_id": order.profile_id,
    }


def messaging_settings(order: Order) -> dict[str, object]:
    """How a number that is owned takes and sends texts."""
    return {
        "record_type": "messaging_settings",
        "id": number_id(order),
        "phone_number": order.phone_number,
        "messaging_profile_id": order.profile_id,
        "country_code": "US",
        "type": "longcode",
        "eligible_messaging_products": ["A2P"],
        "messaging_product": "A2P",
        "traffic_type": "A2P",
        "created_at": order.created_at,
        "updated_at": stamp(),
    }


def number_order(order: Order) -> dict[str, object]:
    number = {
        "record_type": "number_order_phone_number",
        "id": order.number_id,
        "phone_number": order.phone_number,
        "country_code": "US",
        "phone_number_type": "local",
        "regulatory_requirements": [],
        "requirements_met": True,
        "requirements_status": "approved",
        "status": order.status,
    }
    return {
        "record_type": "number_order",
        "id": order.id,
        "phone_numbers_count": 1,
        "messaging_profile_id": order.profile_id,
        "phone_numbers": [number],
        "status": order.status,
        "customer_reference": order.reference,
        "requirements_met": True,
        "created_at": order.created_at,
        "updated_at": stamp(),
    }


def messaging_profile(profile: Profile) -> dict[str, object]:
    shown = asdict(profile)
    del shown["dialect"]
    return {
        **shown,
        "record_type": "messaging_profile",
        "organization_id": ORGANIZATION,
        "enabled": True,
        "webhook_api_version": "2",
        "webhook_failover_url": None,
        "number_pool_settings": None,
        "smart_encoding": False,
        "updated_at": profile.created_at,
    }


def report_error(code: str) -> dict[str, object]:
    """Why an accepted text never arrived."""
    title = refusals.FAILURES.get(code, "Undeliverable")
    return {
        "code": code,
        "title": title,
        "detail": f"{title}.",
        "source": {"pointer": "/to/0/phone_number"},
        "meta": {"url": f"https://developers.telnyx.com/docs/overview/errors/{code}"},
    }


def refusal(refused: Refused) -> dict[str, object]:
    error: dict[str, object] = {
        "code": refused.code,
        "title": refused.title,
        "detail": refused.detail,
    }
    if refused.pointer:
        error["source"] = {"pointer": refused.pointer}
    return {"errors": [error]}


def _common(text: Text | Inbound, direction: str) -> dict[str, object]:
    return {
        "record_type": "message",
        "direction": direction,
        "id": text.id,
        "type": text.kind,
        "messaging_profile_id": text.profile_id,
        "organization_id": ORGANIZATION,
        "cc": [],
        "tags": [],
        "subject": None,
        "valid_until": None,
        "webhook_failover_url": None,
        "text": text.text,
        "media": [_medium(url) for url in text.media_urls],
        "encoding": text.encoding,
        "parts": text.parts,
        "received_at": text.received_at,
    }


def _party(phone: str, status: str, network: str) -> dict[str, str]:
    return {"phone_number": phone, "status": status, "carrier": network, "line_type": "Wireless"}


def _parties(text: Inbound, phones: Sequence[str]) -> list[dict[str, str]]:
    """The number that is told of is marked; what became of the others Telnyx does not know."""
    is_marked = text.others is None or text.others.is_marked
    return [
        _party(phone, "webhook_delivered", "Telnyx")
        if phone == text.to and is_marked
        else _party(phone, "unknown", "")
        for phone in phones
    ]


def _medium(url: str, kind: str | None = None) -> dict[str, object]:
    return {"url": url, "content_type": kind, "sha256": None, "size": None}
