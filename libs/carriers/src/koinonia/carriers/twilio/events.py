"""Translates what Twilio reports: the forms it posts and the messages its API shows.

The parameters of a call vary and grow, and neither an id nor a time of the event is among them:
its id is the message's own with the status, its time is now.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from hashlib import sha256

from koinonia.carriers import reading
from koinonia.carriers.contract import InboundText, Parsed, StatusReport, Unknown
from koinonia.carriers.failures import Failure
from koinonia.carriers.twilio.codes import FAILURES
from koinonia.common import clock
from koinonia.common.events.messaging import DeliveryStatus

# Twilio's ``queued`` is our ``sending``: we have handed the text over and it has not left yet.
STATUSES = {
    "accepted": DeliveryStatus.SENDING,
    "scheduled": DeliveryStatus.SENDING,
    "queued": DeliveryStatus.SENDING,
    "sending": DeliveryStatus.SENDING,
    "sent": DeliveryStatus.SENT,
    "partially_delivered": DeliveryStatus.SENT,
    "delivered": DeliveryStatus.DELIVERED,
    "read": DeliveryStatus.DELIVERED,
    "undelivered": DeliveryStatus.FAILED,
    "failed": DeliveryStatus.FAILED,
    "canceled": DeliveryStatus.FAILED,
}
OPT_OUT_TYPES = ("STOP", "START", "HELP")
MEDIA = re.compile(r"MediaUrl(\d{1,3})", re.ASCII)
# Of a group text, beside ``To``, which is ours; Twilio does not document it.
OTHERS = re.compile(r"OtherRecipients(\d{0,3})", re.ASCII)


def event(raw: bytes) -> Parsed:
    """The event in the body of a webhook. Raises ``Malformed``."""
    posted = _posted(raw)
    message_id = _first(posted, "MessageSid", "SmsSid", "SmsMessageSid")
    word = (_first(posted, "MessageStatus", "SmsStatus") or "").lower()
    if message_id is None:
        found: Parsed | str = "message id"
    elif word == "received" or (not word and "Body" in posted):
        found = _inbound(posted, message_id)
    else:
        found = _report(posted, message_id, word)
    if isinstance(found, str):
        return Unknown(
            carrier_event_id=sha256(raw).hexdigest(),
            occurred_at=clock.now(),
            event_type=word,
            reason=found,
        )
    return found


def message_report(message: dict[str, object]) -> StatusReport | str:
    """The status in a message object of the API, or the name of what the object lacks."""
    message_id, word = reading.word(message.get("sid")), status_word(message)
    status = STATUSES.get(word)
    if message_id is None or status is None:
        return "message id" if message_id is None else "status"
    code = reading.word(message.get("error_code"))
    return StatusReport(
        carrier_event_id=f"retrieved:{message_id}:{word}",
        occurred_at=moment(message.get("date_updated")) or clock.now(),
        carrier_message_id=message_id,
        status=status,
        sender=reading.word(message.get("from")),
        parts=parts(message),
        cost=cost(message),
        failure=_failure(status, code),
        failure_code=code if status is DeliveryStatus.FAILED else None,
    )


def status_word(message: dict[str, object]) -> str:
    return (reading.word(message.get("status")) or "").lower()


def parts(message: dict[str, object]) -> int | None:
    """A number in a string; ``"0"`` while Twilio has not counted yet."""
    number = reading.word(message.get("num_segments")) or ""
    return (reading.count(int(number)) or None) if number.isascii() and number.isdigit() else None


def cost(message: dict[str, object]) -> Decimal | None:
    """The price in USD, which Twilio shows as a negative amount, or None while it is unknown."""
    price = message.get("price")
    amount = price.lstrip("-") if isinstance(price, str) else price
    is_usd = (message.get("price_unit") or "USD") in ("USD", "usd")
    return reading.money(amount) if is_usd else None


def _posted(raw: bytes) -> dict[str, object]:
    if raw.lstrip()[:1] == b"{":
        return reading.document(raw)
    return dict(reversed(reading.pairs(raw)))  # of a repeated name the first value counts


def _report(posted: dict[str, object], message_id: str, word: str) -> StatusReport | str:
    status = STATUSES.get(word)
    if status is None:
        return "status"
    if _is_other_channel(posted):
        return "channel"
    code = reading.word(posted.get("ErrorCode")) if status is DeliveryStatus.FAILED else None
    return StatusReport(
        carrier_event_id=":".join(filter(None, (message_id, word, code))),
        occurred_at=clock.now(),
        carrier_message_id=message_id,
        status=status,
        sender=reading.word(posted.get("From")),
        failure=_failure(status, code),
        failure_code=code,
    )


def _inbound(posted: dict[str, object], message_id: str) -> InboundText | str:
    sender, ours = reading.word(posted.get("From")), reading.word(posted.get("To"))
    if not (sender and ours):
        return "sender or number"
    if _is_other_channel(posted):
        return "channel"
    answered = (reading.word(posted.get("OptOutType")) or "").upper()
    media = list(_media(posted))
    return InboundText(
        carrier_event_id=f"{message_id}:received",
        occurred_at=clock.now(),
        carrier_message_id=message_id,
        sender=sender,
        to=ours,
        group=reading.group(sender, (ours, *_others(posted))),
        text=reading.text(posted.get("Body")) or "",
        media_urls=tuple(url for url, _ in media),
        media_types=tuple(kind for _, kind in media),
        opt_out_type=answered if answered in OPT_OUT_TYPES else None,
    )


def _failure(status: DeliveryStatus, code: str | None) -> Failure | None:
    if status is not DeliveryStatus.FAILED:
        return None
    return FAILURES.get(code or "", Failure.UNKNOWN)


def _first(posted: dict[str, object], *names: str) -> str | None:
    return next(filter(None, (reading.word(posted.get(name)) for name in names)), None)


def _is_other_channel(posted: dict[str, object]) -> bool:
    """``whatsapp:+1202…``, ``rcs:…``, ``messenger:…``."""
    return any(":" in (reading.word(posted.get(name)) or "") for name in ("From", "To"))


def _others(posted: dict[str, object]) -> Iterator[str | None]:
    numbered = {int(m[1] or 0): posted[m[0]] for m in map(OTHERS.fullmatch, posted) if m}
    for _, value in sorted(numbered.items()):
        yield reading.word(value)


def _media(posted: dict[str, object]) -> Iterator[tuple[str, str | None]]:
    """Address and content type of each file."""
    numbered = {int(m[1]): posted[m[0]] for m in map(MEDIA.fullmatch, posted) if m}
    for number, value in sorted(numbered.items()):
        url = reading.text(value) or ""
        if url.startswith(("https://", "http://")):
            yield url, reading.word(posted.get(f"MediaContentType{number}"))


def moment(value: object) -> datetime | None:
    """RFC 2822, as in ``Sun, 01 Nov 2026 15:00:00 +0000``."""
    try:
        at = parsedate_to_datetime(str(value))
        return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
    except (TypeError, ValueError, OverflowError, IndexError, AttributeError):
        return None
