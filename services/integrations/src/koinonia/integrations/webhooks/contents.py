"""What a webhook says of an event: ids, states and figures; of people more where a scope allows.

``phoneKey`` is a name for a phone: the same in every webhook of a church, and nothing else can be
made of it. By it what a phone does finds the members who have it.
"""

import hashlib
from typing import NamedTuple

from koinonia.common.events import ChurchEvent
from koinonia.common.events.billing import AllowanceLow
from koinonia.common.events.conversation import (
    ConversationStatus,
    ConversationUpdated,
    UpdateReason,
)
from koinonia.common.events.messaging import (
    DeliveryStatus,
    DeliveryUpdated,
    ImportProgressed,
    ImportStatus,
    MemberCreated,
    MemberOptedIn,
    MemberOptedOut,
    MemberRemoved,
    MemberUpdated,
    MessageCompleted,
    MessageKind,
    NumberAssigned,
    NumberConnectionChanged,
    NumberReleased,
    TextUnderstood,
)
from koinonia.common.phone import Phones
from koinonia.integrations.vocabulary import WebhookKind, WebhookScope

Json = dict[str, object]
ENDED_IMPORTS = (ImportStatus.DONE, ImportStatus.CANCELLED, ImportStatus.FAILED)
_KEY_CHARACTERS = 32

KINDS: dict[type[ChurchEvent], WebhookKind] = {
    MemberCreated: WebhookKind.MEMBER_CREATED,
    MemberUpdated: WebhookKind.MEMBER_UPDATED,
    MemberRemoved: WebhookKind.MEMBER_REMOVED,
    MemberOptedOut: WebhookKind.CONSENT_CHANGED,
    MemberOptedIn: WebhookKind.CONSENT_CHANGED,
    AllowanceLow: WebhookKind.ALLOWANCE_LOW,
    NumberAssigned: WebhookKind.NUMBER_CHANGED,
    NumberReleased: WebhookKind.NUMBER_CHANGED,
    NumberConnectionChanged: WebhookKind.NUMBER_CHANGED,
}
"""Events that are always a webhook; of the others :func:`kind` looks closer."""


class Content(NamedTuple):
    """``private`` is what each scope adds to ``data``, or puts in the place of a part of it."""

    data: Json
    private: dict[WebhookScope, Json] = {}  # noqa: RUF012 - nobody changes it


def kind(event: ChurchEvent) -> WebhookKind | None:
    """Which webhook an event is, if any."""
    match event:
        case MessageCompleted(kind=MessageKind.BROADCAST):
            return WebhookKind.MESSAGE_COMPLETED
        case DeliveryUpdated() if _failed(event):
            return WebhookKind.RECIPIENT_FAILED
        case ConversationUpdated(reason=UpdateReason.RECEIVED):
            return WebhookKind.TEXT_RECEIVED
        case ConversationUpdated(reason=UpdateReason.ASSIGNED):
            return WebhookKind.CONVERSATION_ASSIGNED
        case ConversationUpdated(reason=UpdateReason.STATUS, status=ConversationStatus.CLOSED):
            return WebhookKind.CONVERSATION_CLOSED
        case TextUnderstood(meaning="keyword"):
            return WebhookKind.KEYWORD_USED
        case ImportProgressed() if event.status in ENDED_IMPORTS:
            return WebhookKind.IMPORT_COMPLETED
        case _:
            return KINDS.get(type(event))


def content(event: ChurchEvent, phones: Phones) -> Content:
    """Of an event that is a webhook."""
    match event:
        case MessageCompleted():
            counts = {str(status): count for status, count in event.counts.items()}
            return Content({"messageId": event.message_id, "counts": counts, "parts": event.parts})
        case DeliveryUpdated():
            return Content({"messageId": event.message_id, "recipients": _failed(event)})
        case ConversationUpdated():
            return _conversation(event, phones)
        case TextUnderstood():
            return _of_phone(_keyword(event), event.phone_index, event.sealed_sender, phones)
        case MemberOptedOut() | MemberOptedIn():
            state = "revoked" if isinstance(event, MemberOptedOut) else "granted"
            changed: Json = {"state": state, "source": event.source}
            return _of_phone(changed, event.phone_index, event.sealed_phone, phones)
        case MemberCreated() | MemberUpdated():
            return _members(event, phones)
        case MemberRemoved():
            return Content({"members": [{"memberId": each} for each in event.member_ids]})
        case _:
            return Content(_of_the_church(event))


def phone_key(phone_index: str) -> str:
    """A digest, so that it tells whoever sees both nothing of the index."""
    return hashlib.sha256(f"webhook {phone_index}".encode()).hexdigest()[:_KEY_CHARACTERS]


def _keyword(event: TextUnderstood) -> Json:
    return {"keyword": event.keyword, "number": event.to, "receivedAt": event.received_at}


def _of_the_church(event: ChurchEvent) -> Json:
    match event:
        case ImportProgressed():
            return {
                "importId": event.import_id,
                "status": event.status,
                "rows": event.rows,
                "counts": event.counts,
            }
        case AllowanceLow():
            return {
                "percent": event.percent,
                "allowanceParts": event.allowance_parts,
                "usedParts": event.used_parts,
                "reservedParts": event.reserved_parts,
                "periodEndsAt": event.period_ends_at,
            }
        case NumberAssigned() | NumberReleased():
            change = "assigned" if isinstance(event, NumberAssigned) else "released"
            return {"numberId": event.number_id, "number": event.phone_number, "change": change}
        case NumberConnectionChanged():
            return {"numberId": event.number_id, "number": None, "change": event.connection}
        case _:
            raise TypeError(f"{event.name} is no webhook")


def _failed(event: DeliveryUpdated) -> list[Json]:
    return [
        {"recipientId": each.recipient_id, "failure": each.failure}
        for each in event.changes
        if each.status is DeliveryStatus.FAILED
    ]


def _conversation(event: ConversationUpdated, phones: Phones) -> Content:
    data: Json = {"conversationId": event.conversation_id}
    if event.reason == UpdateReason.ASSIGNED:
        return Content(data | {"assigneeId": event.assignee_id})
    if event.reason != UpdateReason.RECEIVED:
        return Content(data)
    data |= {"messageId": event.message_id, "files": event.media.count if event.media else 0}
    found = _of_phone(data, event.phone_index, event.sealed_phone, phones)
    words: Json = {"text": event.preview if event.text is None else event.text}
    return Content(found.data, {**found.private, WebhookScope.TEXT: words})


def _of_phone(data: Json, index: str | None, sealed: str | None, phones: Phones) -> Content:
    key = phone_key(index) if index else None
    shown: Json = {"phone": phones.open(sealed)} if sealed else {}
    return Content(data | {"phoneKey": key}, {WebhookScope.PHONE: shown})


def _members(event: MemberCreated | MemberUpdated, phones: Phones) -> Content:
    members: list[Json] = [
        {"memberId": each.member_id, "phoneKey": phone_key(each.phone_index)}
        for each in event.members
    ]
    with_phones = [
        member | {"phone": phones.open(each.sealed_phone)}
        for member, each in zip(members, event.members, strict=True)
    ]
    return Content({"members": members}, {WebhookScope.PHONE: {"members": with_phones}})
