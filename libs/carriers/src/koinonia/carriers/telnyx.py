"""Telnyx, both directions: texts out, reports and answers in.

Out: ``POST /messages`` with ``Idempotency-Key: msg:<recipient id>``; Telnyx replays the answer to
the identical request for 24 hours, so repeating a call never sends a second text.
In: Ed25519 over ``<timestamp>|<raw body>`` (Telnyx "Webhook fundamentals"), then tolerant parsing.
"""

import base64
import binascii
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import quote
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from koinonia.carriers import reading, telnyx_events, telnyx_numbers
from koinonia.carriers.contract import (
    Accepted,
    AvailableNumber,
    BadSignature,
    NumberOrder,
    OutgoingText,
    Parsed,
    Profile,
    StatusReport,
)
from koinonia.carriers.failures import CarrierFailure, Failure
from koinonia.carriers.settings import TelnyxSettings, public_keys
from koinonia.carriers.telnyx_api import Api
from koinonia.common.events.messaging import DeliveryStatus

SIGNATURE = "telnyx-signature-ed25519"
TIMESTAMP = "telnyx-timestamp"
TOLERANCE_SECONDS = 300


class Telnyx:
    """The Telnyx account of this installation."""

    name: ClassVar[str] = "telnyx"
    is_repeatable: ClassVar[bool] = True

    def __init__(self, api: Api, keys: Sequence[bytes]) -> None:
        self._api = api
        self._keys = [Ed25519PublicKey.from_public_bytes(key) for key in keys]

    @staticmethod
    def is_configured(settings: TelnyxSettings) -> bool:
        return True  # a service does not start without its settings

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: TelnyxSettings) -> AsyncIterator["Telnyx"]:
        key = settings.telnyx_api_key.get_secret_value()
        async with Api.open(settings.telnyx_api_url, key) as api:
            yield cls(api, public_keys(settings.telnyx_public_keys))

    async def send(self, text: OutgoingText) -> Accepted:
        body = _mms(text) if text.media_urls else _sms(text)
        answer = await self._api.create("/messages", body, f"msg:{text.recipient_id}")
        return _accepted(reading.fields(answer.get("data")))

    async def retrieve(self, carrier_message_id: str) -> StatusReport:
        """Telnyx knows a text for ten days; after that it is ``not_found``."""
        answer = await self._api.find(f"/messages/{quote(carrier_message_id, safe='')}")
        message = reading.fields(answer.get("data"))
        found = telnyx_events.status_report(message, event_id=_retrieval(message))
        if isinstance(found, str):
            raise CarrierFailure(Failure.CARRIER_TROUBLE, detail=f"a message without {found}")
        return found

    async def look_up(self, text: OutgoingText, after: datetime) -> StatusReport | None:
        """Telnyx lists no texts; nor is a list needed, because a call can be repeated."""
        return None

    def verify(self, raw: bytes, headers: Mapping[str, str], now: float, *, url: str = "") -> None:
        """Raise ``BadSignature`` unless one of our keys signed these bytes in the last 300 s.

        A replay within that time passes; deduplicating by ``carrier_event_id`` is what stops it.
        """
        stamp, signature = reading.header(headers, TIMESTAMP), reading.header(headers, SIGNATURE)
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
            raise BadSignature
        if abs(now - int(stamp)) > TOLERANCE_SECONDS:
            raise BadSignature
        signed = stamp.encode() + b"|" + raw
        proof = _signature(signature)
        if not any(_signs(key, proof, signed) for key in self._keys):
            raise BadSignature

    def parse(self, raw: bytes) -> list[Parsed]:
        return [telnyx_events.event(reading.document(raw), raw)]

    async def ensure_profile(self, church_id: UUID, name: str, webhook_url: str) -> Profile:
        return await telnyx_numbers.ensure_profile(self._api, church_id, name, webhook_url)

    async def search(self, area_code: str, limit: int) -> list[AvailableNumber]:
        return await telnyx_numbers.search(self._api, area_code, limit)

    async def order(self, phone_number: str, profile_id: str, reference: str) -> NumberOrder:
        return await telnyx_numbers.order(self._api, phone_number, profile_id, reference)

    async def order_status(self, order_id: str) -> NumberOrder:
        return await telnyx_numbers.order_status(self._api, order_id)

    async def give_back(self, phone_number: str) -> None:
        await telnyx_numbers.give_back(self._api, phone_number)


def _sms(text: OutgoingText) -> dict[str, Any]:
    return {**_addressed(text), "type": "SMS"}


def _mms(text: OutgoingText) -> dict[str, Any]:
    return {**_addressed(text), "type": "MMS", "media_urls": list(text.media_urls)}


def _addressed(text: OutgoingText) -> dict[str, Any]:
    # The order of the fields is part of the promise: Telnyx compares repeated bodies by bytes.
    body = {"from": text.sender, "to": text.to, "text": text.text, "webhook_url": text.report_url}
    return body | ({"messaging_profile_id": text.profile_id} if text.profile_id else {})


def _accepted(message: dict[str, Any]) -> Accepted:
    message_id = reading.word(message.get("id"))
    if message_id is None:  # it was taken, yet we cannot tell under which id
        raise CarrierFailure(
            Failure.CARRIER_TROUBLE, detail="an accepted message without an id", ambiguous=True
        )
    return Accepted(
        carrier_message_id=message_id,
        status=telnyx_events.STATUSES.get(telnyx_events.said(message), DeliveryStatus.SENDING),
        parts=reading.count(message.get("parts")),
        cost=telnyx_events.cost(message),
    )


def _retrieval(message: dict[str, Any]) -> str:
    return f"retrieved:{message.get('id')}:{telnyx_events.said(message)}"


def _signature(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise BadSignature from None


def _signs(key: Ed25519PublicKey, proof: bytes, signed: bytes) -> bool:
    try:
        key.verify(proof, signed)
    except InvalidSignature:
        return False
    return True
