"""Telnyx, both directions: texts out, reports and answers in.

Out: ``POST /messages`` with ``Idempotency-Key: msg:<recipient id>``; Telnyx replays the answer to
the identical request for 24 hours, so repeating a call never sends a second text.
In: a signature with a time in it, then tolerant parsing.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import ClassVar
from urllib.parse import quote
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from koinonia.carriers import reading
from koinonia.carriers.contract import (
    Accepted,
    AvailableNumber,
    HeldNumber,
    NumberOrder,
    OutgoingText,
    Parsed,
    Profile,
    StatusReport,
    Turn,
)
from koinonia.carriers.failures import CarrierFailure, Failure
from koinonia.carriers.telnyx import events, held_numbers, numbers, signature
from koinonia.carriers.telnyx.api import Api
from koinonia.carriers.telnyx.settings import TelnyxSettings, public_keys
from koinonia.common.events.messaging import DeliveryStatus


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
        found = events.status_report(message, event_id=_retrieval(message))
        if isinstance(found, str):
            raise CarrierFailure(Failure.CARRIER_TROUBLE, detail=f"a message without {found}")
        return found

    async def look_up(self, text: OutgoingText, after: datetime) -> StatusReport | None:
        """Telnyx lists no texts; nor is a list needed, because a call can be repeated."""
        return None

    def verify(self, raw: bytes, headers: Mapping[str, str], now: float, *, url: str = "") -> None:
        signature.verify(self._keys, raw, headers, now)

    def parse(self, raw: bytes) -> list[Parsed]:
        return [events.event(reading.document(raw), raw)]

    async def ensure_profile(self, church_id: UUID, name: str, webhook_url: str) -> Profile:
        return await numbers.ensure_profile(self._api, church_id, name, webhook_url)

    async def search(self, area_code: str, limit: int) -> list[AvailableNumber]:
        return await numbers.search(self._api, area_code, limit)

    async def order(self, phone_number: str, profile_id: str, reference: str) -> NumberOrder:
        return await numbers.order(self._api, phone_number, profile_id, reference)

    async def order_status(self, order_id: str) -> NumberOrder:
        return await numbers.order_status(self._api, order_id)

    async def give_back(self, phone_number: str) -> None:
        await numbers.give_back(self._api, phone_number)

    def held_numbers(self, turn: Turn) -> AsyncIterator[HeldNumber]:
        return held_numbers.held_numbers(self._api, turn)

    async def held_number(self, phone_number: str, profile_id: str | None) -> HeldNumber | None:
        return await held_numbers.held_number(self._api, phone_number)

    async def connect(self, number: HeldNumber, profile_id: str) -> None:
        await held_numbers.connect(self._api, number, profile_id)


def _sms(text: OutgoingText) -> dict[str, object]:
    return {**_addressed(text), "type": "SMS"}


def _mms(text: OutgoingText) -> dict[str, object]:
    return {**_addressed(text), "type": "MMS", "media_urls": list(text.media_urls)}


def _addressed(text: OutgoingText) -> dict[str, str]:
    # The order of the fields is part of the promise: Telnyx compares repeated bodies by bytes.
    body = {"from": text.sender, "to": text.to, "text": text.text, "webhook_url": text.report_url}
    return body | ({"messaging_profile_id": text.profile_id} if text.profile_id else {})


def _accepted(message: dict[str, object]) -> Accepted:
    message_id = reading.word(message.get("id"))
    if message_id is None:  # it was taken, yet we cannot tell under which id
        raise CarrierFailure(
            Failure.CARRIER_TROUBLE, detail="an accepted message without an id", ambiguous=True
        )
    return Accepted(
        carrier_message_id=message_id,
        status=events.STATUSES.get(events.status_word(message), DeliveryStatus.SENDING),
        parts=reading.count(message.get("parts")),
        cost=events.cost(message),
    )


def _retrieval(message: dict[str, object]) -> str:
    return f"retrieved:{message.get('id')}:{events.status_word(message)}"
