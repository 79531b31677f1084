"""Acme takes a text as JSON, reports with an HMAC, and has one number in each area."""

import hmac
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import orjson

from acme_texts.settings import AcmeSettings
from koinonia.carriers import http, reading
from koinonia.carriers.contract import (
    Accepted,
    AvailableNumber,
    BadSignature,
    HeldNumber,
    NumberOrder,
    OrderStatus,
    OutgoingText,
    Parsed,
    Profile,
    StatusReport,
    Turn,
)
from koinonia.carriers.failures import CarrierFailure
from koinonia.common import clock
from koinonia.common.events.messaging import DeliveryStatus

SIGNATURE = "acme-signature"


def sign(key: str, raw: bytes) -> str:
    return hmac.new(key.encode(), raw, "sha256").hexdigest()


class Acme:
    name: ClassVar[str] = "acme"
    is_repeatable: ClassVar[bool] = True

    def __init__(self, client: http.Client, url: str, key: str) -> None:
        self._client = client
        self._url = url
        self._key = key
        self._texts_url: str | None = None

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: AcmeSettings) -> AsyncIterator["Acme"]:
        key = settings.acme_key.get_secret_value()
        async with http.Client.open({"Authorization": key}) as client:
            yield cls(client, settings.acme_url or "", key)

    async def send(self, text: OutgoingText) -> Accepted:
        posted = {
            "id": str(text.recipient_id),
            "from": text.sender,
            "to": text.to,
            "words": text.text,
            "tell": text.report_url,
        }
        answer = await self._ask("POST", "/texts", orjson.dumps(posted))
        return Accepted(carrier_message_id=str(answer["id"]), status=DeliveryStatus.SENDING)

    def verify(self, raw: bytes, headers: Mapping[str, str], now: float, *, url: str = "") -> None:
        if not hmac.compare_digest(reading.header(headers, SIGNATURE), sign(self._key, raw)):
            raise BadSignature

    def parse(self, raw: bytes) -> list[Parsed]:
        return [_report(reading.document(raw))]

    async def retrieve(self, carrier_message_id: str) -> StatusReport:
        return _report(await self._ask("GET", f"/texts/{carrier_message_id}"))

    async def look_up(self, text: OutgoingText, after: datetime) -> StatusReport | None:
        return None

    async def ensure_profile(self, church_id: UUID, name: str, webhook_url: str) -> Profile:
        self._texts_url = webhook_url
        return Profile(profile_id=str(church_id), name=name)

    async def search(self, area_code: str, limit: int) -> list[AvailableNumber]:
        return [AvailableNumber(phone_number=f"+1{area_code}5550190")]

    async def order(self, phone_number: str, profile_id: str, reference: str) -> NumberOrder:
        return NumberOrder(order_id=reference, status=OrderStatus.ACTIVE, phone_number=phone_number)

    async def order_status(self, order_id: str) -> NumberOrder:
        return NumberOrder(order_id=order_id, status=OrderStatus.ACTIVE, phone_number=None)

    async def give_back(self, phone_number: str) -> None:
        return None

    async def held_numbers(self, turn: Turn) -> AsyncIterator[HeldNumber]:
        """Acme has no list, so each number is asked for by itself."""
        for number in ():
            yield number

    async def held_number(self, phone_number: str, profile_id: str | None) -> HeldNumber | None:
        return HeldNumber(
            number_id=phone_number,
            phone_number=phone_number,
            profile_id=profile_id,
            texts_url=self._texts_url,
        )

    async def connect(self, number: HeldNumber, profile_id: str) -> None:
        return None

    async def _ask(self, method: str, path: str, body: bytes | None = None) -> dict[str, object]:
        answer = await self._client.call(method, self._url + path, body=body)
        if not answer.is_success:
            raise CarrierFailure(http.failure_by_status(answer.status))
        return reading.fields(answer.body)


def _report(told: dict[str, object]) -> StatusReport:
    return StatusReport(
        carrier_event_id=f"{told['id']}:{told['status']}",
        occurred_at=clock.now(),
        carrier_message_id=str(told["id"]),
        status=DeliveryStatus(str(told["status"])),
        parts=reading.count(told.get("parts")),
    )
