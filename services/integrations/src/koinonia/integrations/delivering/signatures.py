"""Signatures of webhooks, as https://www.standardwebhooks.com says them."""

import base64
import hmac
from collections.abc import Iterable
from datetime import datetime

from koinonia.integrations.endpoints.signing_secrets import PREFIX


def headers(webhook_id: str, at: datetime, body: bytes, secrets: Iterable[str]) -> dict[str, str]:
    """What a receiver verifies; one signature for each secret."""
    moment = str(int(at.timestamp()))
    signed = f"{webhook_id}.{moment}.".encode() + body
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(f"v1,{_signature(each, signed)}" for each in secrets),
    }


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
