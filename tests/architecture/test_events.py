"""An event that is declared is said by somebody and heard by somebody."""

import ast
from collections.abc import Iterator

from pydantic import PlainSerializer
from tests.architecture.source import Source, code, report

from koinonia.common.events import REGISTRY, Event
from koinonia.common.events.base import SealedText
from koinonia.common.settings import EventTextSettings
from koinonia.devkit.documents.events import listeners
from koinonia.devkit.layout import program

# Calls that make no event.
ONLY_HEARD = {
    *("on", "on_batch", "on_bundles", "on_with_running", "on_batch_with_running", "effect"),
    "isinstance",
}


def test_an_event_has_a_sender() -> None:
    made = {(owner(source), name) for source in code() for name in constructed(source)}
    report(
        "docs/asyncapi.json publishes only events that exist: each is made by its owner.",
        "Remove the event, or publish it where it happens.",
        [
            f"{event.name} is never made by {event.owner}"
            for event in REGISTRY.values()
            if not any((event.owner, each.__name__) in made for each in family(event))
        ],
    )


def test_an_event_has_a_listener() -> None:
    heard = listeners()
    report(
        "An event that nobody hears costs a row in the outbox and a reader's time.",
        "Remove it, or subscribe to it where it is needed.",
        [name for name in REGISTRY if not heard[name]],
    )


def test_who_writes_what_people_wrote_has_the_keys() -> None:
    private = [event for event in REGISTRY.values() if holds_texts(event)]
    assert len(private) > 3
    report(
        "A service without the keys would send what people write in plain.",
        "Derive its settings from EventTextSettings.",
        [
            f"{event.name} is of {event.owner}"
            for event in private
            if not issubclass(program(event.owner).settings, EventTextSettings)
        ],
    )


def holds_texts(event: type[Event]) -> bool:
    """Whether a field of it is, or may hold, a SealedText."""
    return any(
        repr(SealedText) in str(field.annotation)
        or any(isinstance(each, PlainSerializer) for each in field.metadata)
        for field in event.model_fields.values()
    )


def owner(source: Source) -> str:
    parts = source.path.split("/")
    return parts[1] if parts[0] == "services" else ""


def constructed(source: Source) -> set[str]:
    """The names that a file uses otherwise than to hear an event or to say what it takes."""
    names: set[str] = set()
    waiting: list[ast.AST] = [source.tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name | ast.Attribute):
            names.add(node.id if isinstance(node, ast.Name) else node.attr)
        if not (isinstance(node, ast.Call) and ast.unparse(node.func) in ONLY_HEARD):
            waiting += parts(node)
    return names


def parts(node: ast.AST) -> Iterator[ast.AST]:
    """The children of a node, without annotations."""
    for name, value in ast.iter_fields(node):
        if name not in ("annotation", "returns"):
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, ast.AST):
                    yield each


def family(event: type[Event]) -> list[type[Event]]:
    return [event, *event.__subclasses__()]
