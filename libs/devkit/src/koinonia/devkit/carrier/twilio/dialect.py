"""The dialect of Twilio: the resources of its API, its signed forms, its refusals."""

import base64
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import urlencode

from koinonia.devkit.carrier.network import Network
from koinonia.devkit.carrier.reporting.dialects import Call, Notification, Twist
from koinonia.devkit.carrier.state.numbers import Order, Profile
from koinonia.devkit.carrier.state.refusals import Refused
from koinonia.devkit.carrier.state.texts import Inbound, Status, Text
from koinonia.devkit.carrier.twilio.oddities import ODDITIES

TWILIO = "twilio"
VERSION = "2010-04-01"
FORM = "application/x-www-form-urlencoded"
KEYWORDS = {
    **dict.fromkeys(
        ("STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"), "STOP"
    ),
    **dict.fromkeys(("START", "YES", "UNSTOP"), "START"),
    **dict.fromkeys(("HELP", "INFO"), "HELP"),
}

# Why a text that was accepted never arrived; a code that is not Telnyx's passes as it is.
FAILURES = {
    "40001": "30006",
    "40002": "30007",
    "40004": "30004",
    "40006": "30003",
    "40008": "30003",
    "40014": "30036",
    "40300": "21610",
}

# Code, status and message by the code of the refusal.
REFUSALS = {
    "10004": (21604, 400, "A 'To' phone number is required."),
    "10005": (20404, 404, "The requested resource was not found"),
    "10007": (20500, 500, "Internal Server Error"),
    "10009": (20003, 401, "Authenticate"),
    "10011": (20429, 429, "Too Many Requests"),
    "10015": (20001, 400, "Invalid parameter"),
    "10016": (21211, 400, "Invalid 'To' Phone Number"),
    "40300": (21610, 400, "Attempt to send to unsubscribed recipient"),
    "40302": (21617, 400, "The concatenated message body exceeds the 1600 character limit"),
    "40305": (21606, 400, "The 'From' phone number is not a valid, SMS-capable Twilio number"),
    "40316": (21619, 400, "A Message Body, Media URL or Content SID is required"),
    "40317": (21623, 400, "Number of media files exceeds allowed limit"),
    "85000": (21422, 400, "PhoneNumber is not available"),
    "85001": (21422, 400, "PhoneNumber is not available"),
}


@dataclass(slots=True)
class Account:
    """Who may call, and what reports are signed with. Without a token whoever calls is let in,
    and reports are signed as the last caller signed in."""

    sid: str | None = None
    token: str | None = None


class TwilioDialect:
    """Each attempt is the same form with the same signature: Twilio puts no time into it."""

    name = TWILIO

    keywords: Mapping[str, str] = KEYWORDS
    oddities = ODDITIES
    tells_cost = False

    def __init__(self, account: Account) -> None:
        self.account = account
        self._caller = account

    def admits(self, sid: str, token: str) -> bool:
        """Whether the caller may call; remembers who it was."""
        known = self.account
        self._caller = Account(known.sid or sid, known.token or token)
        return bool(sid and token) and (self._caller.sid, self._caller.token) == (sid, token)

    def sent(self, text: Text, twists: Sequence[Twist] = ()) -> Notification:
        return self._notification("message.sent", text.id, self._report(text), twists)

    def finished(self, text: Text, twists: Sequence[Twist] = ()) -> Notification | None:
        if text.status is Status.UNCONFIRMED:
            return None  # without a receipt of the network it stays ``sent`` for ever
        return self._notification("message.finalized", text.id, self._report(text), twists)

    def received(self, text: Inbound) -> Notification:
        media = {f"MediaUrl{n}": url for n, url in enumerate(text.media_urls)}
        kinds = {
            f"MediaContentType{n}": kind or "image/jpeg" for n, kind in enumerate(text.media_types)
        }
        everybody = text.others.everybody if text.others else []
        others = (phone for phone in everybody if phone != text.to)
        form = {
            **self._common(text.id, text.sender, text.to, text.profile_id),
            "SmsMessageSid": text.id,
            "SmsStatus": "received",
            "Body": text.text,
            "NumMedia": str(len(text.media_urls)),
            "NumSegments": str(text.parts),
            "FromCountry": "US",
            "FromCity": "",
            "ToCountry": "US",
            "ToCity": "",
            **media,
            **kinds,
            **{f"OtherRecipients{n}": phone for n, phone in enumerate(others)},
        }
        answered = {"OptOutType": text.autoresponse} if text.autoresponse else {}
        return self._notification("message.received", text.id, form | answered)

    def ordered(self, order: Order) -> None:
        return None

    def _report(self, text: Text) -> dict[str, str]:
        said = {"SmsStatus": status(text), "MessageStatus": status(text)}
        code = error_code(text)
        return {
            **self._common(text.id, text.sender, text.to, text.profile_id),
            **said,
            **({"ErrorCode": str(code)} if code else {}),
        }

    def _common(self, sid: str, sender: str, to: str, service: str | None) -> dict[str, str]:
        form = {
            "MessageSid": sid,
            "SmsSid": sid,
            "AccountSid": self._caller.sid or "",
            "From": sender,
            "To": to,
            "ApiVersion": VERSION,
        }
        return form | ({"MessagingServiceSid": service} if service else {})

    def _notification(
        self, event: str, about: str, form: dict[str, str], twists: Sequence[Twist] = ()
    ) -> Notification:
        for twist in twists:
            twist.change(form)

        def call(url: str, attempt: int) -> Call:
            signed = url + "".join(name + form[name] for name in sorted(form))
            key = (self._caller.token or "").encode()
            proof = base64.b64encode(hmac.digest(key, signed.encode(), "sha1")).decode()
            return {"Content-Type": FORM, "X-Twilio-Signature": proof}, urlencode(form).encode()

        return Notification(event, about, call)


def twilio_of(network: Network) -> TwilioDialect:
    """The dialect that its routes are asked in."""
    found = network.dialects[TWILIO]
    assert isinstance(found, TwilioDialect)
    return found


def status(text: Text) -> str:
    return Status.SENT if text.status is Status.UNCONFIRMED else text.status


def error_code(text: Text) -> int | None:
    return int(FAILURES.get(text.code, text.code)) if text.code else None


def message(text: Text, account_sid: str) -> dict[str, object]:
    """The message resource. The price comes with the last report, and parts only at once where
    no Messaging Service stands in between."""
    is_over = text.completed_at is not None
    is_waiting = text.status is Status.QUEUED and text.profile_id is not None
    path = f"/{VERSION}/Accounts/{account_sid}/Messages/{text.id}"
    return {
        "account_sid": account_sid,
        "api_version": VERSION,
        "body": text.text,
        "date_created": rfc2822(text.received_at),
        "date_sent": rfc2822(text.sent_at) if text.sent_at else None,
        "date_updated": rfc2822(text.completed_at or text.sent_at or text.received_at),
        "direction": "outbound-api",
        "error_code": error_code(text),
        "error_message": None,
        "from": text.sender,
        "messaging_service_sid": text.profile_id,
        "num_media": str(len(text.media_urls)),
        "num_segments": "0" if is_waiting else str(text.parts),
        "price": f"-{text.cost}" if is_over else None,
        "price_unit": "USD",
        "sid": text.id,
        "status": "accepted" if is_waiting else status(text),
        "subresource_uris": {"media": f"{path}/Media.json"},
        "to": text.to,
        "uri": f"{path}.json",
    }


def number(order: Order, account_sid: str) -> dict[str, object]:
    """The incoming phone number resource: at Twilio a number bought is a number owned."""
    return {
        "sid": order.id,
        "account_sid": account_sid,
        "phone_number": order.phone_number,
        "friendly_name": order.reference or order.phone_number,
        "capabilities": {"voice": True, "sms": True, "mms": True, "fax": False},
        "date_created": rfc2822(order.created_at),
        "date_updated": rfc2822(order.created_at),
        "origin": "twilio",
        "status": "in-use",
    }


def offer(phone_number: str) -> dict[str, object]:
    return {
        "friendly_name": phone_number,
        "phone_number": phone_number,
        "iso_country": "US",
        "address_requirements": "none",
        "beta": False,
        "capabilities": {"voice": True, "SMS": True, "MMS": True},
    }


def service(profile: Profile, account_sid: str) -> dict[str, object]:
    """The Messaging Service resource."""
    return {
        "sid": profile.id,
        "account_sid": account_sid,
        "friendly_name": profile.name,
        "inbound_request_url": profile.webhook_url,
        "inbound_method": "POST",
        "smart_encoding": False,
        "use_inbound_webhook_on_number": False,
        "date_created": profile.created_at,
        "date_updated": profile.created_at,
    }


def refusal(refused: Refused) -> tuple[int, dict[str, object]]:
    own = (int(refused.code), refused.status, refused.title)
    code, http_status, words = REFUSALS.get(refused.code, own)
    if refused.code == "10004" and refused.pointer == "/from":
        code, words = 21603, "A 'From' or 'MessagingServiceSid' parameter is required"
    more = f"https://www.twilio.com/docs/errors/{code}"
    return http_status, {"code": code, "message": words, "more_info": more, "status": http_status}


def rfc2822(stamp: str) -> str:
    return format_datetime(datetime.fromisoformat(stamp))
