"""SendGrid: ``POST /v3/mail/send``, and the signed event webhook.

Tracking is off for every mail: a rewritten link would show the secret in it to somebody else, and
a church's staff are not counted by pixels.
"""

import base64
import binascii
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Self
from uuid import UUID

import httpx
import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pydantic import SecretStr, field_validator

from koinonia.common.events.ingress import MailOutcome
from koinonia.common.settings import Settings, WebAddress
from koinonia.mail.contract import Address, BadSignature, Mail, Malformed, Report, Unread
from koinonia.mail.failures import Failure, MailFailure

NAME = "sendgrid"  # in addresses and rows; never changed
TIMEOUT = httpx.Timeout(10.0, connect=3.0)
SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"

# Its documents name no tolerance. It repeats a call for a day, each time signed anew.
TOLERANCE_SECONDS = 600.0

NO_TRACKING = {
    "click_tracking": {"enable": False, "enable_text": False},
    "open_tracking": {"enable": False},
    "subscription_tracking": {"enable": False},
}


class SendGridReportSettings(Settings):
    """How its calls are known to be its own."""

    sendgrid_webhook_keys: str = ""  # comma-separated public keys of the signed event webhook

    @field_validator("sendgrid_webhook_keys")
    @classmethod
    def _usable_keys(cls, value: str) -> str:
        public_keys(value)
        return value


class SendGridSettings(Settings):
    """The account that mail is sent with."""

    sendgrid_api_url: WebAddress = "https://api.sendgrid.com"  # or a simulator's
    sendgrid_api_key: SecretStr | None = None  # with the right to send mail, and no other


class SendGrid:
    """A :class:`~koinonia.mail.contract.Mailer`."""

    name = NAME

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: SendGridSettings) -> AsyncIterator["SendGrid"]:
        if settings.sendgrid_api_key is None:
            raise ValueError("Set KOINONIA_SENDGRID_API_KEY, or choose another provider of mail.")
        async with httpx.AsyncClient(
            base_url=settings.sendgrid_api_url,
            headers={"Authorization": f"Bearer {settings.sendgrid_api_key.get_secret_value()}"},
            timeout=TIMEOUT,
        ) as client:
            yield cls(client)

    async def send(self, mail: Mail) -> str | None:
        try:
            response = await self._client.post("/v3/mail/send", json=_call(mail))
        except httpx.ConnectError as error:
            raise MailFailure(Failure.NOT_CONNECTED) from error
        except httpx.HTTPError as error:
            raise MailFailure(Failure.NO_ANSWER) from error
        if response.status_code != 202:
            raise _failure(response)
        taken_as: str | None = response.headers.get("X-Message-Id")
        return taken_as


class SendGridReports:
    """A :class:`~koinonia.mail.contract.Reporter`."""

    def __init__(self, keys: Sequence[EllipticCurvePublicKey]) -> None:
        self._keys = keys

    @classmethod
    def open(cls, settings: SendGridReportSettings) -> Self | None:
        """None where no key is set."""
        keys = public_keys(settings.sendgrid_webhook_keys)
        return cls(keys) if keys else None

    def verify(self, raw: bytes, headers: Mapping[str, str], now: float) -> None:
        lower = {name.lower(): value for name, value in headers.items()}
        timestamp = lower.get(TIMESTAMP.lower(), "")
        try:
            signature = base64.b64decode(lower.get(SIGNATURE.lower(), ""), validate=True)
            age = now - int(timestamp)
        except ValueError:
            raise BadSignature from None
        if abs(age) > TOLERANCE_SECONDS:
            raise BadSignature
        if not any(_signed(key, signature, timestamp.encode() + raw) for key in self._keys):
            raise BadSignature

    def parse(self, raw: bytes) -> list[Report | Unread]:
        try:
            events = orjson.loads(raw)
        except ValueError:
            raise Malformed from None
        if not isinstance(events, list):
            raise Malformed
        return [report for event in events for report in _reports(event)]


def public_keys(value: str) -> tuple[EllipticCurvePublicKey, ...]:
    """The keys in a comma-separated list of base64 (SPKI, DER). Raises ``ValueError``."""
    return tuple(_public_key(part.strip()) for part in value.split(",") if part.strip())


def _public_key(encoded: str) -> EllipticCurvePublicKey:
    try:
        key = load_der_public_key(base64.b64decode(encoded, validate=True))
    except (binascii.Error, ValueError):
        key = None
    if not isinstance(key, EllipticCurvePublicKey):
        raise ValueError("must be base64 of public keys on the curve P-256, separated by commas")
    return key


def _signed(key: EllipticCurvePublicKey, signature: bytes, message: bytes) -> bool:
    try:
        key.verify(signature, message, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _call(mail: Mail) -> dict[str, object]:
    return {
        "personalizations": [
            {"to": [_person(mail.to)], "custom_args": {"mail_id": str(mail.mail_id)}}
        ],
        "from": _person(mail.sender),
        "subject": mail.subject,
        "content": [
            {"type": "text/plain", "value": mail.text},
            {"type": "text/html", "value": mail.html},
        ],
        "categories": [mail.kind],
        "headers": {**mail.headers, "Message-ID": mail.message_id},
        "tracking_settings": NO_TRACKING,
    }


def _person(person: Address) -> dict[str, str]:
    return {"email": person.address} | ({"name": person.name} if person.name else {})


def _failure(response: httpx.Response) -> MailFailure:
    status, code = response.status_code, str(response.status_code)
    if status == 429:
        return MailFailure(Failure.THROTTLED, code=code, retry_after=_seconds(response))
    if status in (401, 403):
        return MailFailure(Failure.ACCOUNT, code=code)
    if status == 400 and _names_recipient(response):
        return MailFailure(Failure.BAD_ADDRESS, code=code)
    if 400 <= status < 500:
        return MailFailure(Failure.BAD_REQUEST, code=code)
    return MailFailure(Failure.PROVIDER_TROUBLE, code=code, retry_after=_seconds(response))


def _seconds(response: httpx.Response) -> float | None:
    asked = response.headers.get("Retry-After", "")
    return float(asked) if asked.isdecimal() else None


def _names_recipient(response: httpx.Response) -> bool:
    """Whether it is the recipient's address that is refused:
    ``{"errors": [{"field": "personalizations.0.to.0.email", …}]}``."""
    try:
        body = orjson.loads(response.content)
    except ValueError:
        return False
    errors = body.get("errors") if isinstance(body, dict) else None
    return isinstance(errors, list) and any(
        isinstance(each, dict) and str(each.get("field")).startswith("personalizations.0.to")
        for each in errors
    )


OUTCOMES = {
    "delivered": MailOutcome.DELIVERED,
    "deferred": MailOutcome.DELAYED,
    "bounce": MailOutcome.BOUNCED,
    "dropped": MailOutcome.DROPPED,
    "spamreport": MailOutcome.COMPLAINED,
}
# It is no news that a mail was taken, and we count nobody's reading.
OF_NO_INTEREST = {
    "processed",
    "open",
    "click",
    "unsubscribe",
    "group_unsubscribe",
    "group_resubscribe",
}


def _reports(event: object) -> Iterator[Report | Unread]:
    """What one event says, unless it is of no interest or about mail that is not ours."""
    if not isinstance(event, dict):
        yield Unread(type(event).__name__, "an event is no object")
        return
    kind = str(event.get("event"))
    outcome = OUTCOMES.get(kind)
    if outcome is None:
        if kind not in OF_NO_INTEREST:
            yield Unread(kind, "an event that we do not know")
        return
    if outcome is MailOutcome.BOUNCED and event.get("type") == "blocked":
        outcome = MailOutcome.BLOCKED
    if "mail_id" not in event:  # somebody else sends with the account too
        return
    try:
        mail_id = UUID(str(event["mail_id"]))
        occurred_at = datetime.fromtimestamp(float(event["timestamp"]), UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        yield Unread(kind, "its mail or its time cannot be read")
        return
    report_id = str(event.get("sg_event_id") or f"{mail_id}:{outcome}")
    yield Report(
        report_id=report_id[:200], mail_id=mail_id, outcome=outcome, occurred_at=occurred_at
    )
