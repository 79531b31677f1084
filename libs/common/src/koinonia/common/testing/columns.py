"""Compares row types with the columns that PostgreSQL answers, in every test.

A statement is written beside the type of its rows, and nothing but its text joins the two. So each
answer that a test gets is compared: the columns are the type's fields, in their order, and every
value is of its field's type. A status is a ``str`` there: PostgreSQL knows no enum of ours.
"""

import dataclasses
import types
import typing
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from koinonia.common.db import statements


class Mismatch(AssertionError):
    """SQL and its row type have drifted apart."""


def install() -> None:
    """Compare every answer from here on."""
    statements.inspect = compare


def compare(row: object, columns: Sequence[str], found: Sequence[Sequence[object]]) -> None:
    """Raises :class:`Mismatch` where ``columns`` are not the fields of ``row``, or a value is of
    another type than its field."""
    fields = _fields(row)
    if fields is None:
        if len(columns) != 1:
            raise Mismatch(f"one value was expected, not the columns {', '.join(columns)}")
        fields = {columns[0]: row}
    if tuple(fields) != tuple(columns):
        raise Mismatch(
            f"{row} has the fields {', '.join(fields)}; its statement answers {', '.join(columns)}"
        )
    for values in found:
        for (name, kind), value in zip(fields.items(), values, strict=True):
            if not _fits(value, kind):
                raise Mismatch(f"{row}.{name} is {kind}; its statement answers {type(value)}")


@cache
def _fields(row: Any) -> dict[str, object] | None:  # Any: a type of rows, or of values
    """The fields of a row type; None for a type of single values."""
    if dataclasses.is_dataclass(row):
        hints = typing.get_type_hints(row)
        return {each.name: hints[each.name] for each in dataclasses.fields(row) if each.init}
    if hasattr(row, "_fields"):
        hints = typing.get_type_hints(row)
        return {name: hints[name] for name in row._fields}
    return None


def _fits(value: object, kind: Any) -> bool:  # Any: whatever an annotation may be
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        return any(_fits(value, each) for each in typing.get_args(kind))
    if origin is typing.Literal:
        return value in typing.get_args(kind)
    if origin is not None:
        return isinstance(value, origin) and _holds(value, typing.get_args(kind))
    if kind in (object, Any):  # Any: no type at all
        return True
    if kind is None:
        return value is None
    if typing.is_typeddict(kind):
        fields = typing.get_type_hints(kind)
        return (
            isinstance(value, dict)
            and value.keys() == fields.keys()
            and all(_fits(value[name], fields[name]) for name in fields)
        )
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, kind)


def _holds(value: Iterable[object], inner: tuple[object, ...]) -> bool:
    """Whether what is in a sequence or mapping fits, as far as it says so."""
    if not inner:
        return True
    if isinstance(value, dict):
        return all(_fits(k, inner[0]) and _fits(v, inner[1]) for k, v in value.items())
    return all(_fits(each, inner[0]) for each in value)
