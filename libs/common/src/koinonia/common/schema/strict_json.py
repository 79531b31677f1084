"""Makes a core schema of pydantic take nothing for something else.

JSON has booleans, numbers and null of its own, so ``"false"``, ``"5"`` and ``0`` for a date are
refused. pydantic's own strict mode is for values that pydantic itself reads from JSON: of values
that the framework has read before, it would refuse ids and times too, which are text there.
"""

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Any, cast

from pydantic import BaseModel
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

INSTANT = "Write an instant with its offset, like 2027-01-03T09:00:00-05:00."
LOCAL = "Write what a clock there shows, without an offset, like 2027-01-03T09:00:00."
DAY = "Write a day like 2027-01-03."
TIME_OF_DAY = "Write a time of day like 09:00."
YEARS = range(1900, 2201)
"""Of every date that a client gives. Beyond them are slips, and instants that another zone cannot
show: the first of January of the year 1 is a day of no year west of London."""
BEYOND = f"Write a year from {YEARS[0]} to {YEARS[-1]}."

_NOT_WALKED = ("default", "metadata", "serialization")
# pydantic would also take seconds since 1970, and a day for its midnight in UTC.
_DAY = r"\d{4}-\d\d-\d\d"
_CLOCK = r"\d\d:\d\d(:\d\d(\.\d{1,9})?)?"
_WRITTEN = {
    "instant": (re.compile(rf"{_DAY}[Tt ]{_CLOCK}([Zz]|[+-]\d\d:?\d\d)"), INSTANT),
    "local": (re.compile(rf"{_DAY}[Tt ]{_CLOCK}"), LOCAL),
    "date": (re.compile(_DAY), DAY),
    "time": (re.compile(_CLOCK), TIME_OF_DAY),
}

Node = dict[str, Any]  # Any: as the nodes of a core schema are


def strict(schema: CoreSchema, model: type[BaseModel]) -> CoreSchema:
    """A copy of the schema of ``model``. A ``datetime`` in it is an instant with an offset, unless
    it is declared to have none."""
    return cast(CoreSchema, _walked(schema, model))


def _walked(schema: object, model: type[BaseModel]) -> object:
    if isinstance(schema, list | tuple):
        return type(schema)(_walked(each, model) for each in schema)
    if not isinstance(schema, Mapping):
        return schema
    if schema.get("type") == "model" and schema["cls"] is not model:
        return schema  # it is an input of its own
    copy: Node = {
        name: inner if name in _NOT_WALKED else _walked(inner, model)
        for name, inner in schema.items()
    }
    match copy.get("type"):
        case "bool" | "float" | "decimal":
            copy["strict"] = True
        case "int":
            return _whole(copy | {"strict": True})
        case "list" | "set" if not _holds_models(copy):
            copy["fail_fast"] = True
        case "datetime" if copy.get("tz_constraint") == "naive":
            return _written("local", copy)
        case "datetime":
            return _written("instant", copy | {"tz_constraint": "aware"})
        case "date" | "time" as kind:
            return _written(kind, copy)
    return copy


def _holds_models(schema: Node) -> bool:
    """Whether each item is worth a sentence of its own. Of a hundred thousand words in the place of
    ids the first is enough; pydantic would make an error of each before it counts them."""
    return schema.get("items_schema", {}).get("type") in ("model", "definition-ref", "union")


def _whole(schema: Node) -> CoreSchema:
    """JSON has one kind of number: 6.0 is whole, and some languages write it so."""
    return core_schema.no_info_before_validator_function(
        lambda value: int(value) if isinstance(value, float) and value.is_integer() else value,
        cast(CoreSchema, schema),
    )


def _written(kind: str, schema: Node) -> CoreSchema:
    return core_schema.no_info_before_validator_function(
        lambda value: written_out(kind, value), cast(CoreSchema, schema)
    )


def written_out(kind: str, value: object) -> object:
    """``value``, if it is written as one of a ``kind``; raises ``PydanticCustomError``."""
    form, sentence = _WRITTEN[kind]
    if isinstance(value, str) and form.fullmatch(value):
        if kind != "time" and int(value[:4]) not in YEARS:
            raise PydanticCustomError("date_beyond", cast(Any, BEYOND))  # Any: takes a literal
        return value
    if isinstance(value, date | time):  # in Python; JSON has none. A datetime is a date
        return value
    raise PydanticCustomError("written_time", cast(Any, sentence))  # Any: takes a literal
