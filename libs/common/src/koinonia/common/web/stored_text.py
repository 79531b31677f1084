"""Refuses text that no database and no event could hold, before a route sees it.

JSON may write U+0000 and half a character (``"\\ud83d"``) in any value and any key, an address may
write ``%00``. Such text breaks in many places later: a digest, an event, a log line, an answer.
"""

from collections.abc import Iterable, Mapping

from starlette.datastructures import FormData
from starlette.requests import Request

from koinonia.common import errors, visible_text

LONGEST_PLACE = 100  # characters of a place that an answer repeats


class UnstorableText(errors.Invalid):
    """The sentence says where the text is and what to do."""


async def check(request: Request) -> None:
    """A dependency of every route: raises ``UnstorableText``. The body counts as far as the
    framework has parsed it."""
    for name, text in (*request.query_params.multi_items(), *request.path_params.items()):
        _check(name, name)
        _check(text, name)
    body = getattr(request, "_json", None)  # absent until somebody has asked for it
    if body is not None and _may_hide(await request.body()):
        _check_json(body)
    form = getattr(request, "_form", None)
    if isinstance(form, FormData):
        _check_form(form)


def _may_hide(raw: bytes) -> bool:
    """Whether JSON of these bytes can hold what is refused. Nearly none can, and is not walked."""
    if b"\\u" in raw or b"\0" in raw:
        return True
    if raw.isascii():
        return False
    try:
        raw.decode()
    except UnicodeDecodeError:
        return True
    return False


def _check_form(form: FormData) -> None:
    for name, value in form.multi_items():
        _check(name, name)
        if isinstance(value, str):
            _check(value, name)
        elif value.filename:
            _check(value.filename, name)


def _check_json(body: object) -> None:
    waiting: list[tuple[str, object]] = [("", body)]  # a loop: nesting has no limit of its own
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, str):
            _check(value, place)
        for step, inner in _inside(value):
            if isinstance(step, str):
                _check(step, place)
            waiting.append((_joined(place, step), inner))


def _inside(value: object) -> Iterable[tuple[str | int, object]]:
    if isinstance(value, Mapping):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


def _joined(place: str, step: str | int) -> str:
    if len(place) > LONGEST_PLACE:
        return place
    return f"{place}[{step}]" if isinstance(step, int) else f"{place}.{step}".lstrip(".")


def _check(text: object, place: str) -> None:
    obstacle = visible_text.obstacle(text) if isinstance(text, str) else None
    if obstacle:
        shown = visible_text.storable(place)[:LONGEST_PLACE]
        said = f"{shown}: {obstacle}" if shown else obstacle
        raise UnstorableText(said, details=[{"field": shown, "problem": obstacle}])
