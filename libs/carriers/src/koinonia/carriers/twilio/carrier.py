"""Twilio, both directions: texts out, reports and answers in.

Out: ``POST /Messages.json`` as a form. Twilio knows no idempotency keys, so a call is never
repeated when its answer is lost: the text is ``unconfirmed`` until a report decides.
In: an HMAC over the public address and the form, then tolerant parsing.
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import ClassVar
from urllib.parse import quote
from uuid import UUID

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
from koinonia.carriers.twilio import events, held_numbers, numbers, records, signature
from koinonia.carriers.twilio.api import Api
from koinonia.carriers.twilio.settings import TwilioSettings
from koinonia.common.events.messaging import DeliveryStatus

VALID_SECONDS = "14400"  # an announcement that waited four hours is better dropped


class Twilio:
    """The Twilio account of this installation."""

    name: ClassVar[str] = "twilio"
    is_repeatable: ClassVar[bool] = False

    def __init__(self, api: Api, tokens: Sequence[str]) -> None:
        self._api = api
        self._tokens = tokens

    @staticmethod
    def is_configured(settings: TwilioSettings) -> bool:
        return settings.twilio_account_sid is not None

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: TwilioSettings) -> AsyncIterator["Twilio"]:
        """Raises ``ValueError`` where no account is configured."""
        sid, tokens = settings.twilio_account_sid, settings.twilio_tokens
        if sid is None:
            raise ValueError("There is no Twilio account: set KOINONIA_TWILIO_ACCOUNT_SID.")
        async with Api.open(settings.twilio_api_url, sid, tokens[0]) as api:
            yield cls(api, tokens)

    async def send(self, text: OutgoingText) -> Accepted:
        return _accepted(await self._api.create("/Messages.json", _form(text)))

    async def retrieve(self, carrier_message_id: str) -> StatusReport:
        message = await self._api.find(f"/Messages/{quote(carrier_message_id, safe='')}.json")
        found = events.message_report(message)
        if isinstance(found, str):
            raise CarrierFailure(Failure.CARRIER_TROUBLE, detail=f"a message without {found}")
        return found

    async def look_up(self, text: OutgoingText, after: datetime) -> StatusReport | None:
        return await records.matching_report(self._api, text, after)

    def verify(self, raw: bytes, headers: Mapping[str, str], now: float, *, url: str = "") -> None:
        """Raise ``BadSignature`` unless one of our tokens signed this call of ``url``.

        A replay passes at any time; deduplicating by ``carrier_event_id`` is what stops it.
        """
        signature.verify(self._tokens, raw, headers, url)

    def parse(self, raw: bytes) -> list[Parsed]:
        return [events.event(raw)]

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
        return await held_numbers.held_number(self._api, phone_number, profile_id)

    async def connect(self, number: HeldNumber, profile_id: str) -> None:
        await held_numbers.connect(self._api, number, profile_id)


def _form(text: OutgoingText) -> Iterator[tuple[str, str]]:
    """Values that are empty are left out; ``MediaUrl`` is repeated."""
    for name, value in (
        ("From", text.sender),
        ("To", text.to),
        ("Body", text.text),
        ("StatusCallback", text.report_url),
        ("MessagingServiceSid", text.profile_id),
        *(("MediaUrl", url) for url in text.media_urls),
    ):
        if value:
            yield name, value
    yield "ValidityPeriod", VALID_SECONDS
    # Otherwise characters change, and so the number of parts we told the church.
    yield "SmartEncoded", "false"


def _accepted(message: dict[str, object]) -> Accepted:
    message_id = reading.word(message.get("sid"))
    if message_id is None:  # it was taken, yet we cannot tell under which id
        raise CarrierFailure(
            Failure.CARRIER_TROUBLE, detail="an accepted message without an id", ambiguous=True
        )
    return Accepted(
        carrier_message_id=message_id,
        status=events.STATUSES.get(events.status_word(message), DeliveryStatus.SENDING),
        parts=events.parts(message),
        cost=events.cost(message),
    )
