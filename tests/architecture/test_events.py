"""An event that is declared is said by somebody and heard by somebody."""

import ast

from tests.architecture.source import Source, code, report

from koinonia.common.events import REGISTRY, Event
from koinonia.devkit.documents.events import listeners

ONLY_HEARD = ("on", "effect", "isinstance", "bus.on", "bus.effect")  # calls that make no event


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


def owner(source: Source) -> str:
    parts = source.path.split("/")
    return parts[1] if parts[0] == "services" else ""


def constructed(source: Source) -> set[str]:
    """The names of what a file calls, or hands on to be called."""
    return {
        node.id if isinstance(node, ast.Name) else node.attr
        for call in source.calls()
        if not ast.unparse(call.func).startswith(ONLY_HEARD)
        for part in (call.func, *call.args, *(keyword.value for keyword in call.keywords))
        for node in ast.walk(part)
        if isinstance(node, ast.Name | ast.Attribute)
    }


def family(event: type[Event]) -> list[type[Event]]:
    return [event, *event.__subclasses__()]
