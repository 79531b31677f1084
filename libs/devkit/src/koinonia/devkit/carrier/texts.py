"""Texts on their way: as the simulated carrier keeps them, and as its API and reports show them."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from koinonia.common import clock
from koinonia.devkit.carrier import segments

ORGANIZATION = "5f0c1c1e-0000-4000-8000-000000000002"
PRICE_PER_PART = 51  # in ten-thousandths of a dollar


@dataclass(slots=True)
class Text:
    """One text to one phone."""

    sender: str
    to: str
    text: str
    media_urls: list[str]
    profile_id: str | None
    webhook_url: str | None
    id: str = field(default_factory=lambda: str(uuid4()))
    status: str = "queued"
    errors: list[dict[str, Any]] = field(default_factory=list)
    received_at: str = field(default_factory=lambda: stamp())
    sent_at: str | None = None
    completed_at: str | None = None

    def shown(self) -> dict[str, Any]:
        """The message object of the API and of reports."""
        kind = "MMS" if self.media_urls else "SMS"
        parts = 1 if self.media_urls else segments.parts(self.text)
        return {
            **_common(self.id, "outbound", kind, self.profile_id),
            "from": {"phone_number": self.sender, "carrier": "TELNYX LLC", "line_type": "VoIP"},
            "to": [_party(self.to, self.status, "T-MOBILE USA, INC.")],
            "text": self.text,
            "media": [_medium(url) for url in self.media_urls],
            "webhook_url": self.webhook_url,
            "encoding": None if self.media_urls else segments.encoding(self.text),
            "parts": parts,
            "num_chars": len(self.text),
            "cost": {"amount": f"{PRICE_PER_PART * parts / 10_000:.4f}", "currency": "USD"},
            "received_at": self.received_at,
            "sent_at": self.sent_at,
            "completed_at": self.completed_at,
            "errors": self.errors,
        }


def inbound(
    sender: str,
    to: str,
    text: str,
    media_urls: list[str],
    profile_id: str | None,
    autoresponse: str | None,
) -> dict[str, Any]:
    """The message object of a text from a person."""
    kind = "MMS" if media_urls else "SMS"
    message = {
        **_common(str(uuid4()), "inbound", kind, profile_id),
        "from": {"phone_number": sender, "carrier": "T-Mobile USA", "line_type": "Wireless"},
        "to": [_party(to, "webhook_delivered", "Telnyx")],
        "text": text,
        "media": [_medium(url) for url in media_urls],
        "encoding": None if media_urls else segments.encoding(text),
        "parts": 1 if media_urls else segments.parts(text),
        "cost": {"amount": "0.0000", "currency": "USD"},
        "received_at": stamp(),
        "sent_at": None,
        "completed_at": None,
        "errors": [],
    }
    return message | ({"autoresponse_type": autoresponse} if autoresponse else {})


def stamp() -> str:
    return clock.now().isoformat(timespec="milliseconds")


def _common(identity: str, direction: str, kind: str, profile_id: str | None) -> dict[str, Any]:
    return {
        "record_type": "message",
        "direction": direction,
        "id": identity,
        "type": kind,
        "messaging_profile_id": profile_id,
        "organization_id": ORGANIZATION,
        "cc": [],
        "tags": [],
        "subject": None,
        "valid_until": None,
        "webhook_failover_url": None,
    }


def _party(phone: str, status: str, network: str) -> dict[str, str]:
    return {"phone_number": phone, "status": status, "carrier": network, "line_type": "Wireless"}


def _medium(url: str) -> dict[str, Any]:
    return {"url": url, "content_type": None, "sha256": None, "size": None}
