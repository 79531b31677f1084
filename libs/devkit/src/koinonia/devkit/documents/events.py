"""``docs/events.md``: every event, its fields, its owner and its listeners."""

import re
from collections import defaultdict
from collections.abc import Iterator

from pydantic import PlainSerializer
from pydantic.fields import FieldInfo

from koinonia.common.events import REGISTRY, Event
from koinonia.common.events.base import SealedText
from koinonia.devkit.layout import GATEWAY, program, with_schema
from koinonia.gateway import endings
from koinonia.gateway.live import projection

SEALED = "sealed str"  # what people write: plain in a process, sealed on its way

HEAD = """# Events

Generated from the event classes and the subscription tables by `make events-doc`; do not edit.

An event is published on the topic exchange `koinonia.events` under its name. Each listener has a
queue of its own for it, `<listener>.<event>`, and a dead queue beside it, `….dead`. The gateway
shows what happens (`GET /api/events`), from the stream `koinonia.live`, and knows from
`koinonia.sessions` who may not act any more. The body is JSON
with the fields below in camelCase, besides those of every event:

| field | type | |
|---|---|---|
| `id` | uuid | the same id is the same event: a listener applies it once |
| `churchId` | uuid or null | null only where the sender cannot know it (a carrier's call) |
| `occurredAt` | timestamp | UTC |
"""

_COMMON = {"id", "church_id", "occurred_at"}


def page() -> str:
    """The whole page as Markdown."""
    heard = listeners()
    by_owner = defaultdict(list)
    for event in REGISTRY.values():
        by_owner[event.owner].append(event)
    lines = [HEAD]
    for owner in sorted(by_owner):
        lines.append(f"## {owner}\n")
        for event in by_owner[owner]:
            lines.extend(_section(event, heard[event.name]))
    return "\n".join(lines)


def listeners() -> dict[str, list[str]]:
    """Who hears what, by the name of the event, from the subscription tables and the streams that
    the gateway reads."""
    found: dict[str, list[str]] = defaultdict(list)
    for service in with_schema():
        for subscription in program(service).subscriptions:
            found[subscription.event.name].append(service)
    for event in {*projection.EVENTS, *endings.EVENTS}:
        found[event].append(GATEWAY)
    return found


def _section(event: type[Event], heard_by: list[str]) -> Iterator[str]:
    yield f"### `{event.name}`\n"
    own = event.__dict__.get("__doc__")
    if own:
        yield " ".join(own.split()) + "\n"
    heard = ", ".join(heard_by) or "nobody yet"
    yield f"`{event.__name__}` · heard by {heard}\n"
    fields = {name: field for name, field in event.model_fields.items() if name not in _COMMON}
    if fields:
        yield "| field | type | |\n|---|---|---|"
        for name, field in fields.items():
            yield f"| `{field.alias or name}` | {_type(field)} | {_need(field)} |"
        yield ""


def _type(field: FieldInfo) -> str:
    annotation = field.annotation
    if any(isinstance(each, PlainSerializer) for each in field.metadata):
        return SEALED
    text = annotation.__name__ if isinstance(annotation, type) else str(annotation)
    for noise in ("koinonia.common.events.", "messaging.", "datetime.", "uuid.", "decimal."):
        text = text.replace(noise, "")
    if isinstance(annotation, type) and str(annotation).startswith(("list", "dict", "tuple")):
        text = str(annotation).replace("koinonia.common.events.messaging.", "")
    text = re.sub(r"typing.Optional\[(.*)\]", r"\1 | None", text.replace(repr(SealedText), SEALED))
    return text.replace(" | None", " or null").replace("|", "or")


def _need(field: FieldInfo) -> str:
    return "required" if field.is_required() else "optional"
