"""The bases of everything that crosses a boundary as JSON: ``Schema`` for what we answer,
``Input`` for what is sent to us, ``Change`` for the body of a PATCH."""

from koinonia.common.schema.bases import (
    CLEARS,
    Change,
    Clearable,
    Clears,
    ContentType,
    ErrorCode,
    Input,
    Instant,
    LeftOut,
    LocalTime,
    Omittable,
    Schema,
)

__all__ = [
    "CLEARS",
    "Change",
    "Clearable",
    "Clears",
    "ContentType",
    "ErrorCode",
    "Input",
    "Instant",
    "LeftOut",
    "LocalTime",
    "Omittable",
    "Schema",
]
