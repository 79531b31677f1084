"""A rule about several fields of a body is in its schema: schema and code refuse the same."""

import json
from itertools import product
from typing import Any

import jsonschema
import pytest
from pydantic import BaseModel, ValidationError

from koinonia.conversation.actions.schemas import BulkChange
from koinonia.conversation.replies.schemas import MediaReply, TextReply
from koinonia.messaging.importing.mappings import StatementIn
from koinonia.messaging.messages.schemas import SendRequest
from koinonia.messaging.people.filters.people_filter import DateFilter, FieldFilter
from koinonia.messaging.people.many_schemas import GroupsOfMany
from koinonia.messaging.saved_drafts.draft_schemas import DraftMessage
from koinonia.messaging.schedules.schemas import ScheduleChange, ScheduleRequest

Json = dict[str, Any]  # Any: JSON has many forms

ID = "0199a1c2-7d3e-7abc-8def-0123456789ab"
AT = "2030-01-01T09:00:00Z"
WALL = {"localTime": "2030-01-01T09:00:00", "timezone": "America/New_York"}
ALL: Json = {"targetType": "all"}
TEXT_AND_TIME: Json = {
    "content": ["Hello"],
    "templateId": [ID, None],
    "scheduledAt": [AT, None],
    "scheduledFor": [WALL, None],
}

TARGETS: Json = {
    "target": [{"type": "all"}, None],
    "targetType": ["all", "individual", "groups", "branches", None],
    "targetIds": [[ID], []],
}
CHANGED: Json = {
    "content": ["Hello", ""],
    "templateId": [ID, None],
    "scheduledAt": [AT],
    "scheduledFor": [WALL],
    "target": [{"type": "all"}],
    "targetType": ["all", "groups"],
    "targetIds": [[ID], []],
}

# By model: what every body has, and the values that each field of a rule may have when it is there.
RULES: list[tuple[type[BaseModel], Json, Json]] = [
    (SendRequest, ALL, TEXT_AND_TIME),
    (ScheduleRequest, ALL, TEXT_AND_TIME),
    (SendRequest, {}, TARGETS),
    (ScheduleRequest, {}, TARGETS),
    (DraftMessage, {}, TARGETS | TEXT_AND_TIME),
    (ScheduleChange, {}, CHANGED),
    (GroupsOfMany, {"memberIds": [ID]}, {"join": [[ID], []], "leave": [[ID], []]}),
    (
        BulkChange,
        {"ids": [ID]},
        {"status": ["open"], "snoozeUntil": [AT], "assigneeId": [ID, None], "addLabelIds": [[]]},
    ),
    (TextReply, {}, {"content": ["Hello", None], "shortcut": ["parking", None]}),
    (
        MediaReply,
        {"content": "Look"},
        {"mediaUrls": [["https://example.org/a.png"], []], "mediaIds": [[ID], []]},
    ),
    (
        FieldFilter,
        {"field": "city"},
        {"anyOf": [["Rome"], []], "noneOf": [["Rome"]], "contains": ["R"], "isSet": [True, False]},
    ),
    (
        StatementIn,
        {},
        {"agreed": [True, False], "wording": ["Yes, text me", None], "source": ["a card", None]},
    ),
    (DateFilter, {"field": "born"}, {"daysFrom": ["12-24"], "daysTo": ["12-26"]}),
]
OMITTED = object()


def bodies(always: Json, fields: Json) -> list[Json]:
    """Each combination of the fields, left out and with each of their values."""
    choices = product(*([OMITTED, *values] for values in fields.values()))
    return [
        always
        | {name: value for name, value in zip(fields, each, strict=True) if value is not OMITTED}
        for each in choices
    ]


def is_taken(model: type[BaseModel], body: Json) -> bool:
    try:
        model.model_validate_json(json.dumps(body))
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    ("model", "always", "fields"), RULES, ids=lambda each: getattr(each, "__name__", "")
)
def test_schema_and_code_refuse_the_same(
    model: type[BaseModel], always: Json, fields: Json
) -> None:
    schema = jsonschema.Draft202012Validator(model.model_json_schema())
    found = bodies(always, fields)
    differing = [body for body in found if schema.is_valid(body) != is_taken(model, body)]
    assert not differing
    taken = [is_taken(model, body) for body in found]
    assert any(taken)
    assert not all(taken) or model is DraftMessage, "no rule is tried"
