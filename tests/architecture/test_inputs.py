"""What a request says is done or refused: what bodies derive from, what null means in them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args

import pytest
from fastapi import params
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from tests.architecture.source import ROOT, report

from koinonia.common.schema import Clears, Input, Schema
from koinonia.common.web import known_input
from koinonia.devkit.layout import SERVICES, program


def routes() -> Iterator[tuple[str, Any]]:
    """Each route that takes or answers JSON, by method and path."""
    for service in SERVICES:
        for each in iter_route_contexts(program(service).create_app().routes):
            if isinstance(each.original_route, APIRoute):
                yield f"{' '.join(sorted(each.methods or ()))} {each.path}", each


def bodies(method: str = "") -> Iterator[tuple[str, type[BaseModel]]]:
    """Each model in a body of JSON, also of its fields, by its route."""
    for name, route in routes():
        field = route.body_field
        if field and name.startswith(method) and not isinstance(field.field_info, params.Form):
            for model in models(field.field_info.annotation):
                yield f"{name}: {model.__name__}", model


def answers() -> Iterator[tuple[str, type[BaseModel]]]:
    for name, route in routes():
        if route.response_field:
            for model in models(route.response_field.field_info.annotation):
                yield f"{name}: {model.__name__}", model


def models(annotation: object, known: set[type] | None = None) -> Iterator[type[BaseModel]]:
    known = set() if known is None else known
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation in known:
            return
        known.add(annotation)
        yield annotation
        for field in annotation.model_fields.values():
            yield from models(field.annotation, known)
    for part in get_args(annotation):
        yield from models(part, known)


def patterns(schema: object) -> int:
    """How many patterns there are, in a core schema or in a JSON schema of a field."""
    if isinstance(schema, Mapping):
        return ("pattern" in schema) + sum(patterns(each) for each in schema.values())
    return sum(map(patterns, schema)) if isinstance(schema, list | tuple) else 0


def is_nullable(model: type[BaseModel], field: FieldInfo) -> bool:
    shown = model.model_json_schema()["properties"][field.alias]
    return {"type": "null"} in shown.get("anyOf", ())


def test_every_body_refuses_what_it_does_not_know() -> None:
    report(
        "A field that nobody reads would be dropped, and whoever sent it told that it was done.",
        "Derive the model, and each in its fields, from koinonia.common.schema.Input.",
        [name for name, model in bodies() if not issubclass(model, Input)],
    )


def test_no_answer_is_made_of_inputs() -> None:
    report(
        "An answer may gain fields; one that is an Input says that it never will.",
        "Give the answer a Schema of its own.",
        [name for name, model in answers() if issubclass(model, Input)],
    )


def test_null_in_a_patch_clears_or_is_refused() -> None:
    report(
        "null has one meaning: it clears what can be cleared, and is refused elsewhere.",
        "Declare the field as Clearable[...] or Omittable[...] of koinonia.common.schema.",
        [
            f"{name}.{field.alias}"
            for name, model in bodies("PATCH")
            for field in model.model_fields.values()
            if is_nullable(model, field)
            and not any(isinstance(each, Clears) for each in field.metadata)
        ],
    )


def test_a_patch_changes_only_what_is_sent() -> None:
    report(
        "A default in the body of a PATCH changes what nobody asked to change.",
        "Make the field required, Clearable or Omittable; the default of both is None.",
        [
            f"{name}.{field.alias}"
            for name, model in bodies("PATCH")
            for field in model.model_fields.values()
            if not field.is_required() and field.default is not None
        ],
    )


@pytest.mark.parametrize("base", [Schema, Input])
def test_the_checks_find_models_in_fields(base: type[Schema]) -> None:
    class Inner(base):  # type: ignore[valid-type, misc]
        word: str

    class Outer(base):  # type: ignore[valid-type, misc]
        inner: dict[str, list[Inner | None]]

    assert list(models(Outer | None)) == [Outer, Inner]


def test_a_time_without_an_offset_is_a_local_time_with_its_zone() -> None:
    report(
        "A time without an offset means nothing without a zone, and date-time promises an offset.",
        "Call the field local_time, give it the type LocalTime of koinonia.common.schema, and the "
        "model a field timezone.",
        [
            f"{name}.{field.alias}"
            for name, model in (*bodies(), *answers())
            for field in model.model_fields.values()
            if (is_local(field) or field.alias == "localTime")
            and not (is_local(field) and field.alias == "localTime" and has_zone(model))
        ],
    )


def is_local(field: FieldInfo) -> bool:
    return "NaiveDatetime" in repr((field.annotation, field.metadata))


def has_zone(model: type[BaseModel]) -> bool:
    return "timezone" in model.model_fields


def test_instants_are_kept_with_their_offset() -> None:
    naive = re.findall(r"^\| `(\w+)` \| timestamp \|", (ROOT / "docs/schema.md").read_text(), re.M)
    report(
        "A column of the type timestamp has no offset, and what is read from it is no instant.",
        "Use timestamptz.",
        [each for each in naive if each != "starts_local"],
    )


def test_times_in_a_query_are_written_with_their_offset() -> None:
    report(
        "FastAPI would read seconds since 1970, and a day as its midnight somewhere.",
        "Give the parameter the type Instant of koinonia.common.schema.",
        [
            f"{name}: {each.alias}"
            for name, route in routes()
            for each in known_input.parameters(route.original_route)
            for type_ in [repr((each.annotation, each.metadata))]
            if "datetime" in type_.lower() and "written_out" not in type_
        ],
    )


def test_the_form_of_a_text_is_published() -> None:
    """A pattern that stands after a validator that runs before is checked and not shown."""
    hidden = []
    for name, model in bodies():
        shown = model.model_json_schema(mode="validation")
        for each in model.model_fields.values():
            checked = sum(getattr(one, "pattern", None) is not None for one in each.metadata)
            if checked > patterns(shown["properties"][each.alias]):
                hidden.append(f"{name}.{each.alias}")
    report("The form of a text is published.", "Put its pattern first, next to str.", hidden)


# What JSON Schema cannot say, and where it is said in words.
IN_WORDS = {
    "ScheduledReplyIn": "mediaUrls and mediaIds hold ten files together",
    "HeardFilter": "something is given, and never: true stands alone",
    "FilterTarget": "the filter says something",
    "DraftMessage": "no rule holds before it is sent",
}
SAYS_A_RULE = {"not", "oneOf", "anyOf", "minProperties"}


def test_a_rule_about_several_fields_is_in_the_schema() -> None:
    report(
        "What only the code of a body refuses, a client learns by trial.",
        "Say it with koinonia.common.schema.rules, or in the description of a field and IN_WORDS.",
        [
            name
            for name, model in bodies()
            if model.__pydantic_decorators__.model_validators
            and model.__name__ not in IN_WORDS
            and not SAYS_A_RULE & model.model_json_schema().keys()
        ],
    )
