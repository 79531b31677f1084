"""What a browser sees of an event."""

import json
from typing import Any
from uuid import UUID

import pytest

from koinonia.common import clock, db
from koinonia.common.events import Event
from koinonia.common.events.messaging import (
    DeliveryChange,
    DeliveryStatus,
    DeliveryUpdated,
    ImportProgressed,
    ImportStatus,
    MemberOptedOut,
    MessageCompleted,
    MessageCreated,
    MessageKind,
    TextUnderstood,
)
from koinonia.devkit.documents import stream_contract
from koinonia.gateway.live import event_schemas, projection

from .listening import CHURCH

SENT, DELIVERED, FAILED = DeliveryStatus.SENT, DeliveryStatus.DELIVERED, DeliveryStatus.FAILED
MESSAGE = UUID("01900000-0000-7000-8000-000000000009")


def change(old: DeliveryStatus, new: DeliveryStatus, failure: str | None = None) -> DeliveryChange:
    return DeliveryChange(recipient_id=db.uuid7(), previous=old, status=new, failure=failure)


def delivery(kind: MessageKind, *changes: DeliveryChange) -> DeliveryUpdated:
    return DeliveryUpdated(church_id=CHURCH, message_id=MESSAGE, kind=kind, changes=list(changes))


def seen(event: Event) -> tuple[str, Any] | None:
    """Name and data as a browser reads them."""
    entry = projection.entry(7, event, at=0)
    if entry is None:
        return None
    number, name, data, *_ = entry.chunk.decode().split("\n")
    assert number == "id: 7"
    name, data = name.removeprefix("event: "), data.removeprefix("data: ")
    assert stream_contract.violation(name, data, "7") is None
    return name, json.loads(data)


def test_reports_of_a_broadcast_are_added_up() -> None:
    moves = [change(SENT, DELIVERED), change(SENT, FAILED), change(SENT, DELIVERED)]
    name, data = seen(delivery(MessageKind.BROADCAST, *moves)) or ("", {})
    assert (name, data["messageId"]) == ("message.progress", str(MESSAGE))
    assert data["moved"] == [
        {"from": "sent", "to": "delivered", "count": 2},
        {"from": "sent", "to": "failed", "count": 1},
    ]


def understood(message_id: UUID | None) -> TextUnderstood:
    return TextUnderstood(
        church_id=CHURCH,
        carrier="telnyx",
        carrier_message_id="one",
        received_at=clock.now(),
        to="+12025550100",
        sealed_sender="sealed",
        phone_index="i" * 20,
        meaning="none",
        message_id=message_id,
        message_text="Picnic?",
    )


def test_a_text_after_a_broadcast_is_told_without_its_phone_and_its_words() -> None:
    event = understood(MESSAGE)
    name, data = seen(event) or ("", {})
    assert (name, data.keys()) == ("message.responded", {"messageId", "occurredAt"})
    assert seen(understood(None)) is None


def test_an_import_is_told_by_its_figures() -> None:
    event = ImportProgressed(
        church_id=CHURCH,
        import_id=MESSAGE,
        status=ImportStatus.RUNNING,
        rows=1000,
        rows_done=500,
        counts={"created": 500},
    )
    name, data = seen(event) or ("", {})
    assert (name, data["status"], data["rowsDone"]) == ("import.progressed", "running", 500)


def test_the_counts_of_a_broadcast_are_told_by_status() -> None:
    counts = {DELIVERED: 3, FAILED: 1}
    name, data = seen(
        MessageCompleted(
            church_id=CHURCH, message_id=MESSAGE, kind=MessageKind.BROADCAST, counts=counts, parts=4
        )
    ) or ("", {})
    assert (name, data["counts"]) == ("message.completed", {"delivered": 3, "failed": 1})


def test_a_report_of_a_reply_says_where_it_is() -> None:
    name, data = seen(delivery(MessageKind.REPLY, change(SENT, FAILED, "unreachable"))) or ("", {})
    assert name == "reply.status"
    assert (data["status"], data["failure"]) == ("failed", "unreachable")


@pytest.mark.parametrize(
    "event",
    [
        delivery(MessageKind.BROADCAST),
        delivery(MessageKind.BROADCAST, change(SENT, SENT)),
        delivery(MessageKind.CONFIRMATION, change(SENT, DELIVERED)),
        MessageCreated(
            church_id=CHURCH, message_id=MESSAGE, kind=MessageKind.REPLY, recipients=1, parts=1
        ),
    ],
)
def test_what_says_nothing_to_staff_is_not_shown(event: Event) -> None:
    assert seen(event) is None


def test_who_said_stop_is_not_named() -> None:
    said = MemberOptedOut(
        church_id=CHURCH, phone_index="i" * 20, sealed_phone="sealed", source="keyword"
    )
    assert seen(said) == (
        "member.opted_out",
        {"source": "keyword", "occurredAt": said.occurred_at.isoformat().replace("+00:00", "Z")},
    )


# What the projection shows under another name than the event's own, and what is of the stream.
RENAMED = {
    "delivery.updated": {"message.progress", "reply.status"},
    "text.understood": {"message.responded"},
}
OF_THE_STREAM = {"hello", "reset", "state", "bye"}


def test_every_event_of_the_stream_has_a_schema() -> None:
    shown = set[str]().union(*(RENAMED.get(name, {name}) for name in projection.EVENTS))
    assert event_schemas.DATA.keys() == shown | OF_THE_STREAM


@pytest.mark.parametrize(
    "said",
    [
        ("message.read", "{}"),
        ("message.started", "{}"),
        ("hello", '{"id": "1", "resumed": "no"}'),
        ("state", '{"live": true, "since": 7}'),
        ("bye", '{"reason": "bored"}'),
    ],
)
def test_an_event_that_differs_from_its_schema_is_found(said: tuple[str, str]) -> None:
    assert stream_contract.violation(*said, "7") is not None
