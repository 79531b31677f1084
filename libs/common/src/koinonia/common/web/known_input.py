"""Refuses what a route does not declare: parameters of the query, fields of a form, a body where
none is taken; and what is given twice where one is taken. Nothing of a request is dropped.

Fields of JSON are held to their models, which derive from ``Input``.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass
from types import NoneType
from typing import Any, ClassVar, Literal, Self, get_args, get_origin
from urllib.parse import parse_qsl

from fastapi import APIRouter, params
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from koinonia.common import errors, visible_text
from koinonia.common.web import sentences, validation

_TRUTHS = ("true", "false", "")  # nothing is for the type of the parameter to refuse
_SEVERAL = (list, set, frozenset, tuple)
_OF_A_BODY = (b"content-length", b"transfer-encoding")
# It says nothing, so nothing is dropped. The earlier frontend sends {} where it has nothing to say,
# as with PATCH /api/conversations/{id}/read.
_SAYS_NOTHING = (b"", b"{}", b"null")


class RepeatedField(errors.Invalid):
    """The sentence names what was given twice."""

    code = "REPEATED_FIELD"
    details_type: ClassVar[Any] = list[errors.WrongInput]  # Any: as in the base


class UnexpectedBody(errors.Invalid):
    code = "UNEXPECTED_BODY"
    message = "This takes no body, so nothing in it would be done. Send none."


@dataclass(frozen=True, slots=True)
class Declared:
    """What a route takes. The names say whether they may be given several times. A route that
    reads its body itself has ``requestBody`` in its ``openapi_extra``."""

    query: Mapping[str, bool]
    form: Mapping[str, bool]
    flags: Mapping[str, Set[str]]  # those that are true or false, or one of a few words besides
    has_json: bool
    has_body: bool

    @classmethod
    def by_route(cls, route: APIRoute) -> Self:
        dependants = list(_all(route.dependant))
        fields = [field for each in dependants for field in each.body_params]
        forms = [field for field in fields if isinstance(field.field_info, params.Form)]
        return cls(
            query=dict(_names(field for each in dependants for field in each.query_params)),
            form=dict(_names(forms)),
            flags=dict(
                _flags([*forms, *(field for each in dependants for field in each.query_params)])
            ),
            has_json=bool(fields) and not forms,
            has_body=bool(fields) or "requestBody" in (route.openapi_extra or {}),
        )


class Guarded:
    """The ``handle`` of a route, which FastAPI gives a request to. It raises
    :class:`~koinonia.common.web.validation.UnknownField`, :class:`RepeatedField` or
    :class:`UnexpectedBody`. A dependency would cost ten times what it does."""

    def __init__(self, route: APIRoute, literal: Set[str]) -> None:
        self.declared = Declared.by_route(route)
        self._literal = literal if "{" in route.path else frozenset[str]()
        self._plain = frozenset(name.encode() for name in self.declared.query)
        self._flags = [f"{name}=".encode() for name in self.declared.flags]
        self._methods = route.methods or ()
        self._handle = route.handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        receive = await self.checked(scope, receive)
        await self._handle(scope, receive, send)

    async def checked(self, scope: Scope, receive: Receive) -> Receive:
        """Raises what it has to; returns how the request is to be read."""
        declared = self.declared
        if scope["path"] in self._literal:  # GET /api/messages/send is of no message called "send"
            raise HTTPException(405)
        if scope["method"] in self._methods:  # else it answers 405
            query = scope["query_string"]
            if query and not (is_plain := self._is_plain(query)):
                _check("query", _parsed(query), declared.query)
            if query and self._flags and not (is_plain and self._has_no_flag(query)):
                _check_flags("query", _parsed(query), declared.flags)
            if not declared.has_body and _announces_body(scope):
                return await _without_body(Request(scope, receive))
            if declared.has_json:
                return _without_repetition(receive)
        return receive

    def _is_plain(self, query: bytes) -> bool:
        """Whether it has known names alone, each once, as nearly all do: the quick look."""
        names = [pair.partition(b"=")[0] for pair in query.split(b"&")]
        return self._plain.issuperset(names) and len({*names}) == len(names)

    def _has_no_flag(self, query: bytes) -> bool:
        return not any(flag in query for flag in self._flags)


def guard(router: APIRouter, literal: Set[str]) -> list[params.Depends]:
    """Hold the routes of ``router`` to what they declare; returns the dependencies that this takes.
    Forms are checked where the framework has parsed them. ``literal`` are the addresses of the
    whole application in which no id stands."""
    takes_forms = False
    for each in iter_route_contexts(router.routes):
        route = each.original_route
        if isinstance(route, APIRoute):
            if not isinstance(route.handle, Guarded):  # it may be part of several applications
                route.handle = Guarded(route, literal)  # type: ignore[method-assign]
            takes_forms = takes_forms or bool(route.handle.declared.form)
    return [params.Depends(_check_form)] if takes_forms else []


async def _check_form(request: Request) -> None:
    form = getattr(request, "_form", None)
    guarded = request.scope["route"].handle
    if isinstance(form, FormData) and isinstance(guarded, Guarded):
        _check("body", form.multi_items(), guarded.declared.form)
        _check_flags("body", form.multi_items(), guarded.declared.flags)


def _parsed(query: bytes) -> list[tuple[str, str]]:
    return parse_qsl(query.decode("latin-1"), keep_blank_values=True)


def _announces_body(scope: Scope) -> bool:
    return any(name in _OF_A_BODY and value != b"0" for name, value in scope["headers"])


async def _without_body(request: Request) -> Receive:
    if (await request.body()).strip() not in _SAYS_NOTHING:
        raise UnexpectedBody

    waiting: list[Message] = [{"type": "http.request", "body": b""}]

    async def empty() -> Message:
        return waiting.pop() if waiting else await request.receive()

    return empty


def _without_repetition(receive: Receive) -> Receive:
    pieces: list[bytes] = []

    async def checked() -> Message:
        message = await receive()
        if message["type"] == "http.request":
            pieces.append(message.get("body", b""))
            if not message.get("more_body"):
                with suppress(ValueError, RecursionError):  # the framework says what is wrong
                    _check_json(b"".join(pieces))
        return message

    return checked


def _check(place: str, items: Iterable[tuple[str, object]], known: Mapping[str, bool]) -> None:
    seen: set[str] = set()
    for name, _ in items:
        if name not in known or (name in seen and not known[name]):
            raise _refusal(place, [name for name, _ in items], known)
        seen.add(name)


def _check_flags(
    place: str, items: Iterable[tuple[str, object]], flags: Mapping[str, Set[str]]
) -> None:
    """pydantic also takes yes, on, 1 and t for true in a text; the document has none of them."""
    wrong: list[dict[str, object]] = [
        {"field": name, "problem": _problem(flags[name]), "place": place}
        for name, value in items
        if name in flags and value not in _TRUTHS and value not in flags[name]
    ]
    if wrong:
        raise errors.Invalid(validation.said(wrong, len(wrong)), details=wrong)


def _problem(besides: Set[str]) -> str:
    if not besides:
        return sentences.SENTENCES["bool_parsing"]
    return f"This must be true, false or {' or '.join(sorted(besides))}."


def _refusal(place: str, names: list[str], known: Mapping[str, bool]) -> errors.Invalid:
    unknown = [name for name in dict.fromkeys(names) if name not in known]
    if unknown:
        details = [
            validation.unknown(place, name, set(known)) for name in unknown[: validation.LIST_SHOWN]
        ]
        return validation.UnknownField(validation.said(details, len(unknown)), details=details)
    counts = Counter(names)
    return _repeated(place, [name for name in counts if counts[name] > 1 and not known[name]])


def _repeated(place: str, names: list[str]) -> RepeatedField:
    details: list[dict[str, object]] = [
        {
            "field": visible_text.storable(name)[: validation.LONGEST_NAME],
            "problem": "This is given more than once. Give it once.",
            "place": place,
        }
        for name in names[: validation.LIST_SHOWN]
    ]
    return RepeatedField(validation.said(details, len(names)), details=details)


def _check_json(raw: bytes) -> None:
    """Of a name that stands twice in one object, Python keeps the last, another program the
    first."""

    def checked(pairs: list[tuple[str, object]]) -> None:
        if len(pairs) > 1 and len({name for name, _ in pairs}) < len(pairs):
            counts = Counter(name for name, _ in pairs)
            raise _repeated("body", [name for name in counts if counts[name] > 1])

    json.loads(raw, object_pairs_hook=checked)


def _all(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for inner in dependant.dependencies:
        yield from _all(inner)


def parameters(route: APIRoute) -> list[FieldInfo]:
    """All that a query may say. A model stands for its fields."""
    return [
        info
        for each in _all(route.dependant)
        for field in each.query_params
        for _, info in _named(field)
    ]


def _names(fields: Iterable[object]) -> Iterator[tuple[str, bool]]:
    for field in fields:
        for name, info in _named(field):
            yield name, _takes_several(info.annotation)


def _flags(fields: Iterable[object]) -> Iterator[tuple[str, Set[str]]]:
    for field in fields:
        for name, info in _named(field):
            kinds = {*get_args(info.annotation), info.annotation} - {NoneType}
            words = {kind for kind in kinds if get_origin(kind) is Literal}
            if bool in kinds and kinds - words <= {bool, info.annotation}:
                yield name, {word for kind in words for word in get_args(kind)}


def _named(field: object) -> Iterator[tuple[str, FieldInfo]]:
    info = field.field_info  # type: ignore[attr-defined]  # FastAPI exports no name of its type
    if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
        for name, inner in info.annotation.model_fields.items():
            yield inner.alias or name, inner
    else:
        yield field.alias, info  # type: ignore[attr-defined]


def _takes_several(annotation: object) -> bool:
    origin = get_origin(annotation) or annotation
    return origin in _SEVERAL or (
        not isinstance(origin, type) and any(map(_takes_several, get_args(annotation)))
    )
