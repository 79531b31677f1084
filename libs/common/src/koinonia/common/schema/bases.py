"""Answers, inputs and changes: what each takes, and what null means in it."""

from functools import partial
from typing import Annotated, Self, TypeVar, cast

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    NaiveDatetime,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from koinonia.common.schema.strict_json import strict, written_out

Value = TypeVar("Value")


class Schema(BaseModel):
    """snake_case in Python, camelCase in JSON; also built from rows and other objects.

    Every field of an answer is there, and the schema says so of those with a default too; what is
    left out for a reason says ``exclude_if``."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        from_attributes=True,
        json_schema_serialization_defaults_required=True,
    )


class Input(Schema):
    """What a client sends. It refuses fields that it does not know, names that are not camelCase,
    and text in the place of a boolean or a number."""

    model_config = ConfigDict(extra="forbid", populate_by_name=False)

    @classmethod
    def from_names(cls, **values: object) -> Self:
        """One of our own making, from names and values as they are in Python."""
        return cls.model_validate(values, by_name=True, by_alias=False)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[BaseModel], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return strict(handler(source), cls)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        shown = handler(schema)
        for each in handler.resolve_ref_schema(shown).get("properties", {}).values():
            if each.get("default", ...) is None:  # in Python it stands for: not sent
                del each["default"]
        return shown


class Change(Input):
    """The body of a PATCH: only what is sent changes. Each field is ``Omittable`` or
    ``Clearable``, or required."""

    def sent(self) -> dict[str, object]:
        """What was sent, by its name in Python. None clears."""
        return {name: getattr(self, name) for name in self.model_fields_set}


Instant = Annotated[AwareDatetime, BeforeValidator(partial(written_out, "instant"))]
"""An instant in a query or a form. In an ``Input`` every ``datetime`` is one."""
LocalTime = Annotated[
    NaiveDatetime, WithJsonSchema({"type": "string", "format": "date-time-local"})
]
"""What a clock on the wall shows, without an offset. Its field is ``local_time``, beside the field
``timezone`` that says where."""


# What is stored is not refused in an answer because it looks odd: these say only what is expected.
ErrorCode = Annotated[
    str,
    Field(description="The code of an error.", json_schema_extra={"pattern": r"^[A-Z][A-Z0-9_]*$"}),
]
"""In an answer: any code of those that errors of this interface have."""
ContentType = Annotated[str, Field(json_schema_extra={"pattern": r"^[\w.+-]+/[\w.+-]+$"})]
"""In an answer: a media type without parameters."""


class _NeverNull:
    """Shown as what it is where it is there."""

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(schema["schema"] if schema["type"] == "nullable" else schema)


class _NotNull:
    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        schema = handler(source)
        return cast(CoreSchema, schema["schema"]) if schema["type"] == "nullable" else schema


class Clears:
    """Marks a field that null clears."""


CLEARS = Clears()
Clearable = Annotated[Value | None, CLEARS]
"""Null takes away what is there. Whether it was sent tells ``model_fields_set``."""
Omittable = Annotated[Value | None, _NotNull()]
"""May be left out, and is None then. Null is refused, because nothing can be cleared."""
LeftOut = Annotated[Value | None, _NeverNull(), Field(exclude_if=lambda value: value is None)]
"""In an answer: left out where it is None, so never null."""
