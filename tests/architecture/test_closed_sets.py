"""Closed sets of words: clients are shown each as an enum, and the database allows the same."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.architecture.source import ROOT, report

from koinonia.auth.mailing.mails import State as MailState
from koinonia.auth.mailing.marked_addresses import EmailTrouble
from koinonia.auth.notifications.defaults import MailWhen
from koinonia.auth.recovery.links import Purpose
from koinonia.auth.sessions import Ending
from koinonia.common.events.actions import Actor
from koinonia.common.events.billing import SubscriptionStatus
from koinonia.common.events.conversation import ConversationStatus
from koinonia.common.events.ingress import MailOutcome
from koinonia.common.events.messaging import (
    DeliveryStatus,
    ImportStatus,
    MessageKind,
    NumberConnection,
)
from koinonia.common.identity import Role
from koinonia.conversation.media.file_rows import FileStatus
from koinonia.conversation.replies.scheduled_replies import ScheduledReplyStatus
from koinonia.integrations.vocabulary import DeliveryState, DisabledReason, EndpointState
from koinonia.messaging.importing.file_reading import ImportFormat
from koinonia.messaging.inbound.answers import About
from koinonia.messaging.lanes import Lane
from koinonia.messaging.messages.weekly_budget import Priority
from koinonia.messaging.people.consent.entries import ConsentKind, ConsentMethod, ConsentState
from koinonia.messaging.people.targets.target_schemas import TargetType
from koinonia.messaging.schedules.schemas import OccurrenceOutcome, ScheduleStatus
from koinonia.messaging.vocabulary import MessageStatus, NumberStatus

Json = dict[str, Any]  # Any: a part of an OpenAPI document, whose JSON has many forms

A_SET = re.compile(
    r"(?:^|[a-z])(?:status|kind|reason|role|type|state|source|code|method|outcome|direction"
    r"|plan|category|format|mode|unit|decision|level|priority)$",
    re.IGNORECASE,
)
OPEN = {
    "plan": "plans are rows of a table",
    "category": "the church names its own",
}
SENTENCE = "reason"  # or a sentence for people, where a code stands beside it or it says so

# What the database allows in a column, as Python says it.
COLUMNS: dict[tuple[str, str], set[str]] = {
    ("message_reports", "kind"): set(MessageKind),
    ("admins", "role"): set(Role),
    ("invitations", "role"): set(Role),
    ("audit_entries", "actor"): set(Actor),
    ("sessions", "ended_reason"): set(Ending),
    ("mails", "state"): set(MailState),
    ("notification_preferences", "mail"): set(MailWhen),
    ("mails", "outcome"): set(MailOutcome),
    ("marked_addresses", "reason"): set(EmailTrouble),
    ("secret_links", "purpose"): set(Purpose),
    ("reservations", "kind"): set(MessageKind),
    ("subscriptions", "status"): set(SubscriptionStatus),
    ("conversation_messages", "status"): set(DeliveryStatus),  # of outbound lines
    ("conversations", "status"): set(ConversationStatus),
    ("deliveries", "state"): set(DeliveryState),
    ("endpoints", "state"): set(EndpointState),
    ("endpoints", "disabled_reason"): set(DisabledReason),
    ("media_files", "status"): set(FileStatus),
    ("scheduled_replies", "status"): set(ScheduledReplyStatus),
    ("confirmations", "about"): set(About),
    ("consent_events", "kind"): set(ConsentKind),
    ("consent_events", "method"): set(ConsentMethod),
    ("consents", "state"): set(ConsentState) - {ConsentState.NONE},  # no row is none
    ("dispatch_batches", "lane"): set(Lane),
    ("import_jobs", "format"): set(ImportFormat),
    ("import_jobs", "status"): set(ImportStatus),
    ("message_recipients", "status"): set(DeliveryStatus),
    ("messages", "kind"): set(MessageKind),
    ("messages", "priority"): set(Priority),
    ("messages", "status"): set(MessageStatus),
    ("messages", "target_type"): set(TargetType),
    ("phone_numbers", "connection"): set(NumberConnection),
    ("phone_numbers", "status"): set(NumberStatus),
    ("schedule_occurrences", "outcome"): set(OccurrenceOutcome),
    ("schedules", "status"): set(ScheduleStatus) - {ScheduleStatus.PAUSED},  # paused_at says so
}
UNSEEN = {  # by clients, and written by one statement each
    *(("plans", "period"), ("reservations", "state"), ("media_files", "source")),
    *(("search_backlog", "what"), ("dispatch_batches", "state"), ("members", "source")),
    *(("phone_facts", "fact"), ("sending_rates", "kind")),
}


def document() -> Json:
    found: Json = json.loads((ROOT / "docs/openapi.json").read_text())
    return found


def fields(part: object, where: str) -> Iterator[tuple[str, str, Json]]:
    """Every property of every schema, and every parameter: where, its name, its schema."""
    if isinstance(part, list):
        for each in part:
            yield from fields(each, where)
    elif isinstance(part, dict):
        if "in" in part and "schema" in part:
            yield where, part["name"], part["schema"]
        for name, schema in part.get("properties", {}).items():
            if isinstance(schema, dict):
                yield where, name, schema
        for name, each in part.items():
            yield from fields(each, f"{where}/{name}" if where.count("/") < 4 else where)


def is_open(schema: Json) -> bool:
    """Any text at all would do."""
    said = ("enum", "const", "pattern", "format", "maxLength", "$ref")
    if "anyOf" in schema:
        return any(is_open(each) for each in schema["anyOf"])
    return schema.get("type") == "string" and not any(each in schema for each in said)


def is_sentence(name: str, schema: Json, siblings: str) -> bool:
    return name == SENTENCE and (
        '"code"' in siblings or "sentence" in schema.get("description", "")
    )


def plain_words(found: Json) -> list[str]:
    """The fields that clients are told are any text, though their name speaks of a set."""
    named = found["components"]["schemas"]
    return [
        f"{where}.{name}"
        for where, name, schema in fields(found, "")
        if A_SET.search(name)
        and name not in OPEN
        and is_open(schema)
        and not is_sentence(name, schema, json.dumps(named.get(where.rpartition("/")[2], {})))
    ]


def test_fields_of_closed_sets_are_enums() -> None:
    report(
        "A field whose name speaks of a closed set is no plain string: clients know all its words.",
        "Declare it with its StrEnum; what is no set goes into OPEN, or says what it looks like.",
        plain_words(document()),
    )


@pytest.mark.parametrize(
    ("schema", "is_found"),
    [
        ({"type": "string"}, True),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, True),
        ({"$ref": "#/components/schemas/Role"}, False),
        ({"type": "string", "const": "message"}, False),
    ],
)
def test_a_plain_status_would_be_found(schema: Json, is_found: bool) -> None:
    planted = {"components": {"schemas": {"Thing": {"properties": {"lastStatus": schema}}}}}
    assert bool(plain_words(planted)) == is_found


def allowed() -> dict[tuple[str, str], set[str]]:
    """By table and column, the words that a CHECK of the database lists."""
    found: dict[tuple[str, str], set[str]] = {}
    table = ""
    for line in (ROOT / "docs/schema.md").read_text().splitlines():
        if line.startswith("### "):
            table = line.split("`")[1]
        if "`CHECK (" in line:
            for column, words in re.findall(r"(\w+) IN \(('\w+'(?:, '\w+')*)\)", line):
                found[table, column] = set(re.findall(r"'(\w+)'", words))
    return found


def test_the_database_allows_what_the_enums_have() -> None:
    checked = allowed()
    assert checked.keys() == COLUMNS.keys() | UNSEEN, "name the enum of each CHECK in COLUMNS"
    differing = {
        key: checked[key] ^ words for key, words in COLUMNS.items() if checked[key] != words
    }
    assert differing == {}


def test_an_enum_has_a_name_of_its_own() -> None:
    named = document()["components"]["schemas"]
    enums = [name for name, schema in named.items() if "enum" in schema]
    plain = {"Status", "Kind", "State", "Reason", "Source", "Type", "Method", "Code", "Why"}
    assert enums
    assert plain.isdisjoint(enums), "an SDK shows these names: say of what it is the kind"
