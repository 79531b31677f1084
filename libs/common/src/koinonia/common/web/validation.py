"""Validation errors as sentences."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from koinonia.common import errors, visible_text
from koinonia.common.web import known_names, sentences

PLACES = ("body", "query", "path", "header", "cookie")
LIST_SHOWN = 50  # problems; a body with thousands of bad rows is not answered row by row
LONGEST_NAME = 100  # characters of a name that an answer repeats


class UnknownField(errors.Invalid):
    """The sentence names the field, and the known one that was probably meant."""

    code = "UNKNOWN_FIELD"
    details_type: ClassVar[Any] = list[errors.WrongInput]  # Any: as in the base


def invalid(problems: Sequence[ErrorDetails], body: object = None) -> errors.Invalid:
    """pydantic's list of errors as one of ours: the first in words, all of them as details. What
    is not known comes first, for it explains what is missing. ``body`` is the type of the body."""
    problems = sorted(problems, key=lambda each: not _is_unknown(each))
    details = [_detail(each, body) for each in problems[:LIST_SHOWN]]
    kind = UnknownField if _is_unknown(problems[0]) else errors.Invalid
    return kind(said(details, len(problems)), details=details)


def said(details: Sequence[Mapping[str, object]], count: int) -> str:
    """The first of ``count`` details in words."""
    field, problem = details[0]["field"], str(details[0]["problem"])
    first = f"{field}: {problem}" if field else problem
    ending = "" if first.endswith((".", "!", "?")) else "."
    more = f" {count - 1} more under details." if count > 1 else ""
    return f"{first}{ending}{more} Correct this and send it again."


def unknown(place: str, name: str, known: set[str], field: str | None = None) -> dict[str, object]:
    """The detail of a name that nobody knows at ``place``, a word of ``PLACES``. ``field`` is its
    whole path."""
    meant = known_names.nearest(name, known)
    thing = "field" if place == "body" else "parameter"
    problem = f"There is no such {thing} here."
    if meant:
        problem += f" Did you mean {meant}?"
    shown = visible_text.storable(field or name)[:LONGEST_NAME]
    return {"field": shown, "problem": problem, "place": place, "nearest": meant}


def _is_unknown(error: ErrorDetails) -> bool:
    return error["type"] == "extra_forbidden"


def _detail(error: ErrorDetails, body: object) -> dict[str, object]:
    place, inside = _place(error)
    if place == "body" and body is not None:
        inside = known_names.sent_path(body, inside)
    field = _field(inside, as_sent=place == "body")
    if _is_unknown(error):
        *above, name = inside
        return unknown(place, str(name), known_names.fields(body, above), field)
    return {"field": field, "problem": sentences.sentence(error), "place": place}


def _place(error: ErrorDetails) -> tuple[str, Sequence[int | str]]:
    location: Sequence[int | str] = error["loc"]
    if error["type"] == "json_invalid":  # its location is a count of characters
        return "body", ()
    if location and location[0] in PLACES:
        return str(location[0]), location[1:]
    return "body", location


def _field(inside: Sequence[int | str], *, as_sent: bool) -> str:
    steps = [
        f"[{step}]" if isinstance(step, int) else f".{step if as_sent else _camel(step)}"
        for step in inside
    ]
    return "".join(steps).lstrip(".")


def _camel(name: str) -> str:
    return to_camel(name) if "_" in name else name
