"""The generated documents are what their formats say; ``make lint`` sees that they are fresh."""

import json
import re
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from tests.architecture.source import ROOT, report, sources

from koinonia.common.events import REGISTRY
from koinonia.devkit.documents import asyncapi

# The schema of AsyncAPI 3.0.0 by the AsyncAPI Initiative (Apache License 2.0), without the bindings
# of other protocols and without its prose.
FORMAT = Path(__file__).parent / "asyncapi-3.0.0.json"


def test_the_events_are_a_valid_asyncapi_document() -> None:
    document = json.loads((ROOT / "docs/asyncapi.json").read_text())
    validator = Draft7Validator(json.loads(FORMAT.read_text()))
    assert [problem.message for problem in validator.iter_errors(document)] == []


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    document = json.loads(asyncapi.document())
    found = list(references(document))
    assert len(found) > len(REGISTRY)
    for reference in found:
        place: Any = document
        for part in reference.removeprefix("#/").split("/"):
            place = place[part.replace("~1", "/").replace("~0", "~")]
        assert place


def test_every_event_has_a_sender_and_a_schema_on_the_wire_s_names() -> None:
    document = json.loads(asyncapi.document())
    for name, event in REGISTRY.items():
        assert document["operations"][f"{event.owner}.sends.{name}"]["action"] == "send"
        properties = document["components"]["schemas"][event.__name__]["properties"]
        assert {"id", "churchId", "occurredAt"} <= set(properties), name


def test_every_test_that_a_promise_names_is_there() -> None:
    promises = (ROOT / "docs/guarantees.md").read_text()
    known = {function.name for source in sources() for function in source.functions()}
    named = set(re.findall(r"`(test_\w+)`", promises))
    assert len(named) > 100
    report(
        "A promise whose test is gone is kept by nobody.",
        "Name the test that attacks it now, or write it.",
        sorted(named - known),
    )


def references(part: Any) -> Any:
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


def test_decisions_are_numbered_one_after_another() -> None:
    """A number names one decision; the next free one is for the next. Its heading has it too."""
    found = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
    assert [path.name[:4] for path in found] == [f"{n:04}" for n in range(1, len(found) + 1)]
    headings = {path.name: path.read_text().partition("\n")[0] for path in found}
    wrong = {name: each for name, each in headings.items() if str(int(name[:4])) not in each}
    assert wrong == {}
