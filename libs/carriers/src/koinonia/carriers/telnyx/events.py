"""Translates what Telnyx reports: events of a webhook and the message objects inside them.

Telnyx promises neither order nor uniqueness, and its examples differ from its schema: ``to`` may
be a list, an object, a string or absent, ``from`` an object or a string, ``errors`` null.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from hashlib import sha256

from koinonia.carriers import reading
from koinonia.carriers.contract import (
    InboundText,
    NumberOrder,
    NumberOrderReport,
    OrderStatus,
    Parsed,
    StatusReport,
    Unknown,
)
from koinonia.carriers.failures import Failure
from koinonia.carriers.telnyx import codes
from koinonia.common import clock
from koinonia.common.events.messaging import DeliveryStatus

# Telnyx's ``queued`` is our ``sending``: we have handed the text over and it has not left yet.
STATUSES = {
    "scheduled": DeliveryStatus.SENDING,
    "queued": DeliveryStatus.SENDING,
    "sending": DeliveryStatus.SENDING,
    "sent": DeliveryStatus.SENT,
    "delivered": DeliveryStatus.DELIVERED,
    "webhook_delivered": DeliveryStatus.DELIVERED,
    "read": DeliveryStatus.DELIVERED,
    "sending_failed": DeliveryStatus.FAILED,
    "delivery_failed": DeliveryStatus.FAILED,
    "expired": DeliveryStatus.FAILED,
    "cancelled": DeliveryStatus.FAILED,
    "delivery_unconfirmed": DeliveryStatus.UNCONFIRMED,
    "unknown": DeliveryStatus.UNCONFIRMED,
}
FAILED_ORDERS = ("failure", "cancelled", "deleted")
OPT_OUT_TYPES = ("STOP", "START", "HELP")
TEXT_TYPES = ("SMS", "MMS")


def event(body: dict[str, object], raw: bytes) -> Parsed:
    """The event in the body of a webhook."""
    data = reading.fields(body.get("data"))
    payload = reading.fields(data.get("payload"))
    kind = reading.word(data.get("event_type")) or ""
    event_id = reading.word(data.get("id")) or sha256(raw).hexdigest()
    at = reading.moment(data.get("occurred_at")) or _latest(payload)
    found: Parsed | str = "event type"
    if kind in ("message.sent", "message.finalized"):
        assumed = "sent" if kind == "message.sent" else ""
        found = status_report(payload, event_id, at, assumed)
    elif kind == "message.received":
        found = _inbound(payload, event_id, at)
    elif kind == "number_order.complete":
        found = _order_report(payload, event_id, at)
    if isinstance(found, str):
        return Unknown(carrier_event_id=event_id, occurred_at=at, event_type=kind, reason=found)
    return found


def status_report(
    message: dict[str, object], event_id: str, at: datetime | None = None, assumed: str = ""
) -> StatusReport | str:
    """The status in a message object, or the name of what the object lacks.

    ``assumed`` is the status to believe where the object states none.
    """
    message_id = reading.word(message.get("id"))
    word = status_word(message) or assumed
    status = STATUSES.get(word)
    if message_id is None:
        return "message id"
    if status is None or not _is_text(message):
        return "status" if status is None else "message type"
    failure, code = _failure(message, word) if status is DeliveryStatus.FAILED else (None, None)
    return StatusReport(
        carrier_event_id=event_id,
        occurred_at=at or _latest(message),
        carrier_message_id=message_id,
        status=status,
        sender=_phone(message.get("from")),
        parts=reading.count(message.get("parts")),
        cost=cost(message),
        failure=failure,
        failure_code=code,
    )


def cost(message: dict[str, object]) -> Decimal | None:
    """The price in USD, or None while Telnyx does not know it."""
    price = message.get("cost")
    if not isinstance(price, dict):
        return reading.money(price)
    return reading.money(price.get("amount")) if price.get("currency", "USD") == "USD" else None


def number_order(order: dict[str, object]) -> NumberOrder | str:
    """The order in an order object, or the name of what it lacks. We order one number at a time."""
    order_id = reading.word(order.get("id"))
    if order_id is None:
        return "order id"
    number = next(map(reading.fields, reading.items(order.get("phone_numbers"))), {})
    return NumberOrder(
        order_id=order_id,
        status=_order_status(reading.word(order.get("status")), reading.word(number.get("status"))),
        phone_number=reading.word(number.get("phone_number")),
        carrier_number_id=reading.word(number.get("id")),
        reference=reading.text(order.get("customer_reference")),
    )


def _inbound(message: dict[str, object], event_id: str, at: datetime) -> InboundText | str:
    message_id, sender = reading.word(message.get("id")), _phone(message.get("from"))
    marked, others = _addressed(message)
    ours = next(iter((*marked, *others)), None)
    if not (message_id and sender and ours and _is_text(message)):
        return "message id, sender, number or type"
    answered = (reading.word(message.get("autoresponse_type")) or "").upper()
    media = list(_media(message))
    group = reading.group(sender, (*marked, *others))
    return InboundText(
        carrier_event_id=event_id,
        occurred_at=reading.moment(message.get("received_at")) or at,
        carrier_message_id=message_id,
        sender=sender,
        to=ours,
        is_named=bool(marked) or not group,
        group=group,
        text=reading.text(message.get("text")) or "",
        media_urls=tuple(url for url, _ in media),
        media_types=tuple(kind for _, kind in media),
        opt_out_type=answered if answered in OPT_OUT_TYPES else None,
    )


def _order_report(order: dict[str, object], event_id: str, at: datetime) -> NumberOrderReport | str:
    found = number_order(order)
    if isinstance(found, str):
        return found
    return NumberOrderReport(carrier_event_id=event_id, occurred_at=at, order=found)


def _order_status(order: str | None, number: str | None) -> OrderStatus:
    # An order can succeed in part; ours has one part, so its failure is the order's.
    if order in FAILED_ORDERS or number in FAILED_ORDERS:
        return OrderStatus.FAILED
    return OrderStatus.ACTIVE if order == "success" else OrderStatus.PENDING


def status_word(message: dict[str, object]) -> str:
    """The status, which Telnyx keeps with each phone in ``to``, not with the message."""
    entries = map(reading.fields, reading.items(message.get("to")))
    found = (reading.word(entry.get("status")) for entry in entries)
    return next((status.lower() for status in found if status), "")


def _failure(message: dict[str, object], word: str) -> tuple[Failure, str | None]:
    problem = codes.problem(message.get("errors"))
    if problem.code:
        return problem.failure or Failure.UNKNOWN, problem.code
    return Failure.EXPIRED if word == "expired" else Failure.UNKNOWN, None


def _phone(party: object) -> str | None:
    return reading.word(party.get("phone_number") if isinstance(party, dict) else party)


def _addressed(message: dict[str, object]) -> tuple[list[str], list[str]]:
    """The numbers that the text went to: those that Telnyx marks as ours (``webhook_delivered``),
    and all others. In a group text ours may stand anywhere, without a mark, in ``cc`` too."""
    marked, others = list[str](), list[str]()
    for entry in (*reading.items(message.get("to")), *reading.items(message.get("cc"))):
        is_marked = reading.fields(entry).get("status") == "webhook_delivered"
        if phone := _phone(entry):
            (marked if is_marked else others).append(phone)
    return marked, others


def _media(message: dict[str, object]) -> Iterator[tuple[str, str | None]]:
    """Address and content type of each file."""
    for part in map(reading.fields, reading.items(message.get("media"))):
        url = reading.text(part.get("url")) or ""
        if url.startswith(("https://", "http://")):
            yield url, reading.word(part.get("content_type"))


def _is_text(message: dict[str, object]) -> bool:
    kind = reading.word(message.get("type"))
    return kind is None or kind.upper() in TEXT_TYPES


def _latest(message: dict[str, object]) -> datetime:
    stamps = (message.get(f"{verb}_at") for verb in ("completed", "sent", "updated", "received"))
    return reading.moment(*stamps) or clock.now()
