"""What must hold of each answer, besides what schemathesis checks by itself: no fault of ours, no
status, code, header or body that the document does not have, 405 with what is allowed."""

import re
from functools import cache
from typing import Any

import jsonschema
import schemathesis
from schemathesis.checks import CheckContext
from schemathesis.core.failures import Failure
from schemathesis.core.transport import Response
from schemathesis.generation.case import Case
from schemathesis.specs.openapi.checks import negative_data_rejection

from koinonia.common import visible_text
from koinonia.common.web import sentences

Json = dict[str, Any]  # Any: a part of an OpenAPI document, whose JSON has many forms

REFUSED = (400, 401, 403, 404, 405, 409, 413, 415, 422)
SETTINGS: Json = {
    "negative_data_rejection": {"enabled": False, "expected-statuses": list(REFUSED)},
    "positive_data_acceptance": {"enabled": False},  # ours below know what a rule in words is
    # A body may name other things, and 404 then is of those: ids made up are of nothing.
    "ensure_resource_availability": {"enabled": False},
    "ignored_auth": {"enabled": False},  # tests/acceptance/attacks knock at every door
}
SHAPE = ("UNKNOWN_FIELD", "UNEXPECTED_BODY", "UNSUPPORTED_MEDIA_TYPE", "REPEATED_FIELD")
BUSY = ("RATE_LIMITED", "UNAVAILABLE")  # on a system without limits and without haste
OF_SHAPE = {  # what a schema can say, so who keeps to it is never told
    *("missing", "model_type", "dict_type", "list_type", "string_type", "bool_type", "int_type"),
    *("float_type", "string_too_long", "too_long", "greater_than_equal", "less_than_equal"),
    *("string_pattern_mismatch", "uuid_parsing", "union_tag_invalid"),
}
"""Too short is not among them: of a text only what can be seen counts, which the words say."""

OF_WHAT_IS_KEPT = ("sendDraft",)
"""Operations that say what is missing in what was kept before, which may be anything until then."""

ROW_BY_ROW = {"putMembers": "refused"}
"""Operations that answer for each row by itself, with the count of those that they refuse."""


class RefusedForItsShape(Failure):
    """A request that conforms to the schema is told that it does not."""


class TookWhatDoesNotConform(Failure):
    """A request that does not conform to the schema was carried out."""


@schemathesis.check
def who_keeps_to_the_schema_is_not_refused_for_it(
    ctx: CheckContext, response: Response, case: Case
) -> None:
    name = case.operation.definition.raw.get("operationId")
    if case.meta is None or not case.meta.generation.mode.is_positive or name in OF_WHAT_IS_KEPT:
        return
    error = _error(response)
    details = error.get("details")
    told = [each["problem"] for each in details if "problem" in each] if _is_rows(details) else []
    if error.get("code") in SHAPE + BUSY or any(
        pattern.fullmatch(each) for each in told for pattern in _of_shape()
    ):
        raise RefusedForItsShape(operation=case.operation.label, message=response.text[:500])


@schemathesis.check
def who_does_not_keep_to_the_schema_is_refused(
    ctx: CheckContext, response: Response, case: Case
) -> None:
    try:
        negative_data_rejection(ctx, response, case)
    except Failure as failure:
        if not _was_refused_by_row(response, case) and not _conforms_once_tidied(case):
            raise TookWhatDoesNotConform(
                operation=case.operation.label, message=failure.message
            ) from failure


def _error(response: Response) -> Json:
    if response.status_code < 400:
        return {}
    try:
        body = response.json()
    except ValueError:
        return {}
    found = body.get("error") if isinstance(body, dict) else None
    return found if isinstance(found, dict) else {}


def _is_rows(details: object) -> bool:
    return isinstance(details, list) and all(isinstance(each, dict) for each in details)


@cache
def _of_shape() -> list[re.Pattern[str]]:
    written = {sentences.SENTENCES[kind] for kind in OF_SHAPE & sentences.SENTENCES.keys()}
    written.add("This is required.")
    return [
        re.compile(re.sub(r"\\\{\w+\\\}", ".*", re.escape(each)), re.DOTALL) for each in written
    ]


def _was_refused_by_row(response: Response, case: Case) -> bool:
    count = ROW_BY_ROW.get(str(case.operation.definition.raw.get("operationId")))
    return count is not None and response.status_code == 200 and response.json()[count] > 0


def _conforms_once_tidied(case: Case) -> bool:
    """Spaces at the ends of a text, which an autofill adds, and what cannot be seen count for
    nothing; and so does an empty field of a form, which HTML sends for what was not filled in."""
    if not isinstance(case.body, dict):
        return False
    content = case.operation.definition.raw.get("requestBody", {}).get("content", {})
    schema = content.get(case.media_type, {}).get("schema")
    if schema is None:
        return False
    is_form = case.media_type == "multipart/form-data"
    said = {name: each for name, each in case.body.items() if not is_form or each != ""}
    whole = {**schema, "components": case.operation.schema.raw_schema["components"]}
    return jsonschema.Draft202012Validator(whole).is_valid(_tidied(said))


def _tidied(value: object) -> object:
    match value:
        case str():
            return visible_text.line(value)
        case bytes():  # a file
            return ""
        case list():
            return [_tidied(each) for each in value]
        case dict():
            return {name: _tidied(each) for name, each in value.items()}
        case _:
            return value
