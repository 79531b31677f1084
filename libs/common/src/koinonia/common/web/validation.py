"""Validation errors as sentences."""

import re
from collections.abc import Sequence

from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from koinonia.common import errors

PLACES = ("body", "query", "path", "header", "cookie")
LIST_SHOWN = 50  # problems; a body with thousands of bad rows is not answered row by row


def invalid(problems: Sequence[ErrorDetails]) -> errors.Invalid:
    """pydantic's list of errors as one of ours: the first in words, all of them as details."""
    details = [{"field": _field(each), "problem": _problem(each)} for each in problems]
    first = details[0]
    message = f"{first['field']}: {first['problem']}" if first["field"] else first["problem"]
    ending = "" if message.endswith((".", "!", "?")) else "."
    more = f" {len(details) - 1} more under details." if len(details) > 1 else ""
    return errors.Invalid(
        f"{message}{ending}{more} Correct this and send it again.", details=details[:LIST_SHOWN]
    )


def _field(error: ErrorDetails) -> str:
    location: Sequence[int | str] = error["loc"]
    if error["type"] == "json_invalid":  # its place is a count of characters
        return ""
    inside = location[1:] if location and location[0] in PLACES else location
    steps = [f"[{step}]" if isinstance(step, int) else f".{_camel(step)}" for step in inside]
    return "".join(steps).lstrip(".")


def _camel(name: str) -> str:
    return to_camel(name) if "_" in name else name


def _problem(error: ErrorDetails) -> str:
    match error["type"]:
        case "json_invalid":
            return f"The body is not valid JSON ({error['ctx']['error']})"
        case "missing" if tuple(error["loc"]) == ("body",):
            return "A JSON body is required, with Content-Type: application/json"
        case "missing":
            return "This is required"
        case _:
            return re.sub(r"^(Value|Assertion) error, ", "", str(error["msg"]))
