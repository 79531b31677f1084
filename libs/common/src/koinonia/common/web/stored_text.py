"""Refuses text that no database and no event could hold, before a route sees it.

JSON may write U+0000 and half a character (``"\\ud83d"``) in any value and any key, an address may
write ``%00``. Such text breaks in many places later: a digest, an event, a log line, an answer.
Nearly no request can hold any, which a look at its bytes shows; only one that does is taken apart.
"""

import json
import re
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl

from fastapi import APIRouter, params
from fastapi.routing import iter_route_contexts
from starlette.datastructures import FormData, Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from koinonia.common import errors, visible_text
from koinonia.common.web import problems

LONGEST_PLACE = 100  # characters of a place that an answer repeats
LOOKED_AT = 10_000  # values of a body, to say which of them it is
BODILESS = frozenset(("GET", "HEAD", "OPTIONS"))

_BACKSLASH = r"\\"  # escaped, as JSON writes it
_DIGITS = "[0-9a-fA-F]{2}"
_HIGH, _LOW = rf"\\u[dD][89abAB]{_DIGITS}", rf"\\u[dD][c-fC-F]{_DIGITS}"
# It begins with letters, which are searched for quickly; the choice comes after them.
_ESCAPED = re.compile(
    rf"\\u(?:0000|[dD](?:[89abAB]{_DIGITS}(?!{_LOW})|(?<!{_HIGH}\\u[dD])[c-fC-F]{_DIGITS}))"
)


class UnstorableText(errors.Invalid):
    """The sentence says where the text is and what to do."""

    @classmethod
    def at(cls, place: str, obstacle: str) -> "UnstorableText":
        shown = visible_text.storable(place)[:LONGEST_PLACE]
        said = f"{shown}: {obstacle}" if shown else obstacle
        return cls(said, details=[{"field": shown, "problem": obstacle}])


class StoredText:
    """Answers 400 to such text in the address, and in a body of JSON while it is read."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if b"%00" in scope["query_string"] or "\0" in scope["path"]:
                await problems.answer(_of_address(scope))(scope, receive, send)
                return
            if scope["method"] not in BODILESS:
                receive = _checked(scope, receive)
        await self.app(scope, receive, send)


def form_checks(router: APIRouter) -> list[params.Depends]:
    """The dependencies that a router needs whose routes take forms."""
    fields = (getattr(route, "body_field", None) for route in iter_route_contexts(router.routes))
    takes_forms = any(field and isinstance(field.field_info, params.Form) for field in fields)
    return [params.Depends(_check_form)] if takes_forms else []


async def _check_form(request: Request) -> None:
    """The framework has parsed it by now; a charset of the client's choice may write anything."""
    form = getattr(request, "_form", None)
    if not isinstance(form, FormData):
        return
    for name, value in form.multi_items():
        for text in (name, value if isinstance(value, str) else value.filename or ""):
            if obstacle := visible_text.obstacle(text):
                raise UnstorableText.at(name, obstacle)


def _of_address(scope: Scope) -> UnstorableText:
    sent = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    place = next((name for name, value in sent if "\0" in name + value), "")
    return UnstorableText.at(place, visible_text.obstacle("\0") or "")


def _checked(scope: Scope, receive: Receive) -> Receive:
    pieces: list[bytes] = []

    async def checked() -> Message:
        message = await receive()
        piece = message.get("body", b"")
        if message.get("more_body"):
            if piece and _is_json(scope):
                pieces.append(piece)
            return message
        raw = b"".join((*pieces, piece)) if pieces else piece
        if _may_hide(raw) and _is_json(scope):
            _check_json(raw)
        return message

    return checked


def _is_json(scope: Scope) -> bool:
    return "json" in Headers(scope=scope).get("content-type", "").lower()


def _may_hide(raw: bytes) -> bool:
    """Whether JSON of these bytes could hold what is refused. Nearly none can."""
    if b"\\u" in raw or b"\0" in raw:
        return True
    if raw.isascii():
        return False
    try:
        raw.decode()
    except UnicodeDecodeError:  # half characters in bytes, or another encoding
        return True
    return False


def _check_json(raw: bytes) -> None:
    try:
        text = raw.decode(json.detect_encoding(raw), "surrogatepass")
    except UnicodeDecodeError:
        return  # the framework says that it cannot be read
    obstacle = visible_text.obstacle(text) or _escaped_obstacle(text)
    if obstacle:
        raise UnstorableText.at(_place(text), obstacle)


def _escaped_obstacle(text: str) -> str | None:
    if "\\u" not in text:
        return None
    found = _ESCAPED.search(text.replace(_BACKSLASH, ".."))
    return visible_text.obstacle(json.loads(f'"{found[0]}"')) if found else None


def _place(text: str) -> str:
    """Where it is, as far as it is among the first values and the whole is valid JSON."""
    try:
        waiting: list[tuple[str, object]] = [("", json.loads(text))]
    except (ValueError, RecursionError):
        return ""
    for _ in range(LOOKED_AT):  # a loop: nesting has no limit of its own
        if not waiting:
            break
        place, value = waiting.pop()
        if isinstance(value, str) and visible_text.obstacle(value):
            return place
        for step, inner in _inside(value):
            if isinstance(step, str) and visible_text.obstacle(step):
                return _joined(place, step)
            waiting.append((_joined(place, step), inner))
    return ""


def _inside(value: object) -> Iterable[tuple[str | int, object]]:
    if isinstance(value, Mapping):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


def _joined(place: str, step: str | int) -> str:
    if len(place) > LONGEST_PLACE:
        return place
    return f"{place}[{step}]" if isinstance(step, int) else f"{place}.{step}".lstrip(".")
