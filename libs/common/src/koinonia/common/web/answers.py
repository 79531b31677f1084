"""The errors that an operation can answer, shown in the OpenAPI document with their codes.

What the code of a route raises is read from its source when the document of all services is made
(:mod:`koinonia.devkit.documents.openapi`). What cannot be seen there, since it lies behind an
object, is declared at the dependency or route that calls it::

    @raises(TokenInvalid, TokenExpired)
    async def current_admin(request: Request) -> Identity: ...

What every route can answer is added here. In tests each answer is held against the document
(:mod:`koinonia.devkit.documents.contract`): a code that its operation does not have fails there.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from pydantic import TypeAdapter

from koinonia.common import errors
from koinonia.common.errors import AppError
from koinonia.common.web import answer_headers
from koinonia.common.web.known_input import RepeatedField, UnexpectedBody
from koinonia.common.web.validation import UnknownField

Json = dict[str, Any]  # Any: a part of an OpenAPI document, whose JSON has many forms
Kind = type[AppError]
Declaring = TypeVar("Declaring", bound=Callable[..., object])

ALWAYS: tuple[Kind, ...] = (
    *(errors.Invalid, UnknownField, RepeatedField),
    *(errors.TooLarge, AppError, errors.Unavailable),
)
WITHOUT_BODY: tuple[Kind, ...] = (UnexpectedBody,)
WITH_BODY: tuple[Kind, ...] = (errors.UnsupportedMedia,)
FRAMEWORKS = "HTTPValidationError"  # FastAPI's own answer to bad input; ours is a 400
METHODS = frozenset(("get", "put", "post", "patch", "delete", "head"))
REF = "#/components/schemas/{model}"

_raised: dict[Callable[..., object], tuple[Kind, ...]] = {}
_conditional: set[Callable[..., object]] = set()


def raises(*kinds: Kind) -> Callable[[Declaring], Declaring]:
    """Declare that a route or a dependency answers these errors. Put it below the route's own
    decorator."""

    def declare(function: Declaring) -> Declaring:
        _raised[function] = (*_raised.get(function, ()), *kinds)
        return function

    return declare


def conditional(function: Declaring) -> Declaring:
    """Declare that the routes of a dependency answer 304 to who has their answer already."""
    _conditional.add(function)
    return function


def declared_by(route: RouteContext) -> frozenset[Kind]:
    """All errors that ``route`` declares, by itself and by its dependencies."""
    found = {*ALWAYS, *(WITHOUT_BODY if route.body_field is None else WITH_BODY)}
    for each in dependants(route.dependant):
        if each.call is not None:
            found.update(_raised.get(each.call, ()))
    return frozenset(found)


def describe(app: FastAPI, document: Json) -> None:
    """Write the errors of every route of ``app`` into its OpenAPI ``document``."""
    for route, operation in operations(app, document):
        if any(each.call in _conditional for each in dependants(route.dependant)):
            operation["responses"]["304"] = {"description": "You have this answer already."}
            operation["responses"]["200"]["headers"] = answer_headers.declared("ETag")
        add(document, operation, declared_by(route))


def operations(app: FastAPI, document: Json) -> Iterator[tuple[RouteContext, Json]]:
    """The routes of ``app`` with their operations in its ``document``."""
    for route in iter_route_contexts(app.routes):
        item = document["paths"].get(route.path_format or "")
        if isinstance(route.original_route, APIRoute) and item is not None:
            for method in METHODS & item.keys() & {each.lower() for each in route.methods or ()}:
                yield route, item[method]


def add(document: Json, operation: Json, kinds: Iterable[Kind]) -> None:
    """Let ``operation`` answer ``kinds`` besides what it answers already."""
    components = document.setdefault("components", {})
    components.setdefault("headers", {}).update(answer_headers.COMPONENTS)
    schemas = components.setdefault("schemas", {})
    answers = operation.setdefault("responses", {})
    if FRAMEWORKS in str(answers.get("422")):
        del answers["422"]
    names: dict[str, set[str]] = defaultdict(set)
    for kind in sorted(kinds, key=_name):  # two of one code: always the same one is described
        schemas[schema_name(kind)] = _schema(kind, schemas)
        names[str(kind.status)].add(schema_name(kind))
    for status, found in names.items():
        found.update(_names(answers.get(status, {})))
        answers[status] = _answer(sorted(found), schemas)
    for status, answer in answers.items():
        answer.setdefault("headers", {}).update(answer_headers.of_status(status, operation))
    operation["responses"] = dict(sorted(answers.items()))


def _name(kind: Kind) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def schema_name(kind: Kind) -> str:
    """What the schema of an error is called: ``MEMBER_NOT_FOUND`` becomes MemberNotFoundError."""
    words = "".join(word.capitalize() for word in kind.code.split("_"))
    return words if words.endswith("Error") else f"{words}Error"


def dependants(root: Dependant) -> Iterator[Dependant]:
    """A route's own, and all that it depends on."""
    yield root
    for each in root.dependencies:
        yield from dependants(each)


def _schema(kind: Kind, schemas: Json) -> Json:
    """The object under ``error``; what its ``details`` refer to is put into ``schemas``."""
    adapter: TypeAdapter[object] = TypeAdapter(_details_type(kind))
    # Written by hand where it is raised: what has a default may be left out, unlike in an answer.
    details = adapter.json_schema(mode="validation", ref_template=REF)
    schemas.update(details.pop("$defs", {}))
    first = next(each for each in reversed(kind.mro()) if getattr(each, "code", "") == kind.code)
    return {
        "type": "object",
        "title": schema_name(kind),
        "description": str(getattr(first, "message", "")),
        "required": ["message", "code", "details", "requestId"],
        "properties": {
            "message": {"type": "string", "description": "What is wrong and what to do, in words."},
            "code": {"type": "string", "const": kind.code},
            "details": details,
            "requestId": {"type": "string", "description": "What support asks for."},
        },
    }


def _details_type(kind: Kind) -> Any:  # Any: what pydantic can describe
    """That of the class; of a class of ``common.errors`` only where it has the very code."""
    for each in kind.mro():
        if each.__module__ == errors.__name__ and getattr(each, "code", "") != kind.code:
            return None
        if "details_type" in vars(each):
            return vars(each)["details_type"]
    return None


def _answer(names: Sequence[str], schemas: Json) -> Json:
    """One status: ``{"error": …}``, where the error is one of ``names``."""
    refs = [{"$ref": REF.format(model=name)} for name in names]
    body = {
        "type": "object",
        "required": ["error"],
        "properties": {"error": refs[0] if len(refs) == 1 else {"oneOf": refs}},
    }
    codes = [f"`{schemas[name]['properties']['code']['const']}`" for name in names]
    said = schemas[names[0]]["description"] if len(names) == 1 else " or ".join(codes)
    return {"description": said, "content": {"application/json": {"schema": body}}}


def _names(answer: Json) -> list[str]:
    """The schemas of the errors that an answer written by :func:`_answer` has."""
    content = answer.get("content", {}).get("application/json", {}).get("schema", {})
    error = content.get("properties", {}).get("error", {})
    refs = error.get("oneOf", [error] if error else [])
    return [ref["$ref"].rpartition("/")[2] for ref in refs]


def only_error(answer: Json) -> str | None:
    """What the answer is called by its error; None if it has several."""
    names = _names(answer)
    return names[0].removesuffix("Error") if len(names) == 1 else None
