"""What is wrong with a value, in the words of a client: pydantic's own speak of Python."""

import re
import traceback
from collections.abc import Mapping

from pydantic_core import ErrorDetails

from koinonia.common.schema.strict_json import DAY, INSTANT, LOCAL, TIME_OF_DAY

UNFIT = "This value does not fit here. The reference at /api/docs says what does."
CANNOT_BE_NULL = "This cannot be null. Leave it out, or give a value."
NO_OBJECT = "This must be an object, in braces."
NO_LIST = "This must be a list, in brackets."
NO_TEXT = "This must be text, in quotation marks."
NO_BOOLEAN = "This must be true or false, without quotation marks."
NO_INTEGER = "This must be a whole number, without quotation marks."
NO_NUMBER = "This must be a number, without quotation marks."
NO_UUID = "This must be an id, like 0199a1c2-7d3e-7abc-8def-0123456789ab."
NO_URL = "This must be an address that begins with https://."

OURS = "koinonia."

SENTENCES: Mapping[str, str] = {
    "extra_forbidden": "There is no such field here.",
    "invalid_key": "Names of fields are text.",
    "recursion_depth_exceeded": "This is nested too deeply.",
    "recursion_loop": "This is nested too deeply.",
    "none_required": "This can only be null.",
    **dict.fromkeys(
        ("model_type", "model_attributes_type", "dict_type", "mapping_type"), NO_OBJECT
    ),
    **dict.fromkeys(("list_type", "set_type", "tuple_type", "iterable_type"), NO_LIST),
    "greater_than": "This must be more than {gt}.",
    "greater_than_equal": "This must be at least {ge}.",
    "less_than": "This must be less than {lt}.",
    "less_than_equal": "This must be at most {le}.",
    "multiple_of": "This must be a multiple of {multiple_of}.",
    "finite_number": "This must be a number that is not infinite.",
    **dict.fromkeys(
        ("too_short", "string_too_short", "bytes_too_short"),
        "This must have at least {min_length}.",
    ),
    **dict.fromkeys(
        ("too_long", "string_too_long", "bytes_too_long", "url_too_long"),
        "This must have at most {max_length}.",
    ),
    "string_pattern_mismatch": "This must have the form {pattern}.",
    **dict.fromkeys(("string_type", "string_unicode", "bytes_type"), NO_TEXT),
    **dict.fromkeys(("enum", "literal_error"), "This must be {expected}."),
    "bool_type": NO_BOOLEAN,
    "bool_parsing": "This must be true or false.",
    "int_type": NO_INTEGER,
    **dict.fromkeys(("int_parsing", "int_from_float"), "This must be a whole number."),
    "int_parsing_size": "This number is too large.",
    **dict.fromkeys(("float_type", "decimal_type"), NO_NUMBER),
    **dict.fromkeys(("float_parsing", "decimal_parsing"), "This must be a number."),
    "decimal_max_digits": "This must have at most {max_digits} digits.",
    "decimal_max_places": "This must have at most {decimal_places} digits after the point.",
    "decimal_whole_digits": "This must have at most {whole_digits} digits before the point.",
    **dict.fromkeys(
        (
            *("date_type", "date_parsing", "date_from_datetime_parsing"),
            "date_from_datetime_inexact",
        ),
        DAY,
    ),
    "date_past": "This day must be in the past.",
    "date_future": "This day must be in the future.",
    **dict.fromkeys(("time_type", "time_parsing"), TIME_OF_DAY),
    **dict.fromkeys(
        (
            *("datetime_type", "datetime_parsing", "datetime_object_invalid"),
            *("datetime_from_date_parsing", "timezone_aware", "timezone_offset"),
        ),
        INSTANT,
    ),
    "timezone_naive": LOCAL,
    "datetime_past": "This must be in the past.",
    "datetime_future": "This must be in the future.",
    **dict.fromkeys(("uuid_type", "uuid_parsing", "uuid_version"), NO_UUID),
    **dict.fromkeys(("url_type", "url_parsing", "url_syntax_violation", "url_scheme"), NO_URL),
    "union_tag_invalid": "{discriminator} must be one of {expected_tags}.",
    "union_tag_not_found": "This takes {discriminator}, which says what it is.",
}
"""By pydantic's type of error; what stands in braces is of its context. What is missing here can
come from values in Python alone."""

_NOT_OF_NULL = ("missing", "extra_forbidden", "json_invalid")
_OURS = ("value_error", "assertion_error", "written_time")
_PREFIX = re.compile(r"^(Value error|Assertion failed), ")
_MEMBER = re.compile(r"<\w+\.\w+: (.*?)>")  # of an enum, as Python writes it
_LENGTHS = ("min_length", "max_length")


def sentence(error: ErrorDetails) -> str:
    """What is wrong, with what to do."""
    kind, context = error["type"], error.get("ctx", {})
    if error["input"] is None and kind not in _NOT_OF_NULL:
        return CANNOT_BE_NULL
    match kind:
        case "json_invalid":
            return f"The body is not valid JSON ({context['error']})."
        case "missing" if tuple(error["loc"]) == ("body",):
            return "A JSON body is required, with Content-Type: application/json."
        case "missing":
            return "This is required."
        case _ if kind in _OURS:
            return _PREFIX.sub("", error["msg"]) if _is_ours(context.get("error")) else UNFIT
        case _:
            found = SENTENCES.get(kind, UNFIT)
            shown = {name: _shown(each) for name, each in context.items()}
            shown |= {name: _counted(context[name], error) for name in _LENGTHS if name in context}
            return found.format_map(shown)


def _shown(value: object) -> str:
    """Names of a list come in the quotation marks of Python, and members of an enum as it writes
    them."""
    if isinstance(value, str):
        return _MEMBER.sub(r"\1", value).replace("'", "")
    return str(value)


def _counted(length: int, error: ErrorDetails) -> str:
    is_list = isinstance(error["input"], list | tuple | set | dict)
    thing = ("entry", "entries") if is_list else ("character", "characters")
    return f"{length} {thing[length != 1]}"


def _is_ours(error: object) -> bool:
    """Whether its words were written for clients: what a library raises inside a check of ours
    speaks to programmers."""
    if not isinstance(error, BaseException):
        return True
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    return not frames or str(frames[-1].f_globals.get("__name__")).startswith(OURS)
