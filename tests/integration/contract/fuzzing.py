"""Requests that schemathesis makes up from the OpenAPI document, and what must hold of each answer.

Every operation gets requests that conform to its schema and requests that do not, and every method
that it does not have. What exists is asked for half of the time.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from pydantic.alias_generators import to_snake
from schemathesis import engine
from schemathesis.config import SchemathesisConfig
from schemathesis.core.errors import NoLinksFound
from schemathesis.engine import events

from koinonia.devkit.documents import OPENAPI
from koinonia.devkit.layout import ROOT

from . import promises

Json = dict[str, Any]  # Any: a part of an OpenAPI document, whose JSON has many forms

SEED = 20261130
AS_NOUN = {"file": "media"}  # parameters of paths that are not called as what they are an id of


@dataclass(frozen=True)
class Effort:
    """How hard to try: so many requests of each kind to each operation, beside those at the edges
    of its schema. The same seed makes up the same ones."""

    examples: int
    seed: int = SEED


BRIEF = Effort(examples=3)


@dataclass
class Outcome:
    """What came of a run: how many requests, their statuses, and each failure as text."""

    statuses: Counter[int] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


def document() -> Json:
    found: Json = json.loads((ROOT / OPENAPI).read_text())
    return found


def run(
    gateway_url: str,
    authorization: str,
    ids: Mapping[str, str],
    operations: Sequence[str],
    effort: Effort = BRIEF,
) -> Outcome:
    """Try the ``operations``, by their ids, as who has the ``authorization``. ``ids`` has by noun
    one of everything that the church has."""
    config = SchemathesisConfig.from_dict(_settings(gateway_url, authorization, ids, effort))
    schema = schemathesis.openapi.from_dict(document(), config=config)
    outcome = Outcome()
    for event in engine.from_schema(schema.include(operation_id=list(operations))).execute():
        if isinstance(event, events.ScenarioFinished):
            _record(outcome, event)
        elif isinstance(event, events.FatalError):
            outcome.failures.append(str(event.exception))
        elif isinstance(event, events.NonFatalError) and not isinstance(event.value, NoLinksFound):
            outcome.failures.append(str(event.value))
    return outcome


def _settings(gateway_url: str, authorization: str, ids: Mapping[str, str], effort: Effort) -> Json:
    known = dict(_known(ids))
    return {
        "base-url": gateway_url,
        "seed": effort.seed,
        "headers": {"Authorization": authorization},
        "workers": 1,
        "request-timeout": 30,
        "max-redirects": 0,
        "continue-on-failure": True,
        "dictionaries": {name: {"values": [value]} for name, value in known.items()},
        "parameters": {f"path.{name}": {"dictionary": name, "probability": 0.5} for name in known},
        "generation": {
            "mode": "all",
            "max-examples": effort.examples,
            "database": "none",
            "no-shrink": True,
            "allow-x00": False,  # common.testing.odd_input tries what no text may hold
            "with-security-parameters": False,
        },
        "phases": {"examples": {"enabled": False}, "stateful": {"max-steps": 4}},
        "checks": promises.SETTINGS,
    }


def _known(ids: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """By parameter of a path, an id that there is."""
    for item in document()["paths"].values():
        for operation in item.values():
            for each in operation.get("parameters", ()):
                noun = to_snake(each["name"]).removesuffix("_id")
                if each["in"] == "path" and (found := ids.get(AS_NOUN.get(noun, noun))):
                    yield each["name"], found


def _record(outcome: Outcome, event: events.ScenarioFinished) -> None:
    recorder = event.recorder
    answers = {name: each.response for name, each in recorder.interactions.items()}
    outcome.statuses.update(each.status_code for each in answers.values() if each is not None)
    for name, checked in recorder.checks.items():
        for each in checked:
            if each.failure_info is not None:
                answer, told = answers.get(name), each.failure_info
                said = f"{answer.status_code} {answer.text[:600]}" if answer else "no answer"
                outcome.failures.append(
                    f"{recorder.label}: {told.failure.title}. {told.failure.message[:600]}\n"
                    f"  {told.code_sample[:1200]}\n  {said}"
                )
