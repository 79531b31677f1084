"""The walks in the README lead through code that exists, by the functions that really run.

A step is ``1. [file](path) `function`: what happens``, with further files after it. A file that
stands behind ```event.name` →`` is held against the subscription table of its service.
"""

import ast
import re
from dataclasses import dataclass
from importlib import import_module

from tests.architecture.source import ROOT, report

README = (ROOT / "README.md").read_text()
WALKS = ("One broadcast, out and back", "One answer, in and back")
MOST_FILES = 20  # of a walk: more than that nobody reads in one sitting

_STEP = re.compile(r"^\d+\. (.+(?:\n   .+)*)", re.MULTILINE)
_STOP = re.compile(
    r"(?:`([a-z]+\.[a-z_]+)` → )?\[[^\]]+\]\(([^)]+\.py)\)((?:,? (?:and )?`[\w.]+`)*)"
)


@dataclass(frozen=True)
class Stop:
    """A file of a walk, the functions that are named in it, and the event that leads there."""

    path: str
    functions: tuple[str, ...]
    event: str | None

    @property
    def module(self) -> str:
        return self.path.partition("/src/")[2].removesuffix(".py").replace("/", ".")


def stops(walk: str) -> list[Stop]:
    section = README.partition(f"## {walk}\n")[2].partition("\n## ")[0]
    return [
        Stop(path, tuple(re.findall(r"`([\w.]+)`", named)), event or None)
        for step in _STEP.findall(section)
        for event, path, named in _STOP.findall(step)
    ]


def test_each_walk_is_short_enough_to_be_read() -> None:
    report(
        f"A walk leads through {MOST_FILES} files at most.",
        "Leave out what the plain story does not need; make the structure tell it in fewer files.",
        [
            f"{walk}: {n}"
            for walk in WALKS
            if (n := len({s.path for s in stops(walk)})) > MOST_FILES
        ],
    )
    assert all(len(stops(walk)) > 5 for walk in WALKS)


def test_each_file_of_a_walk_exists_and_its_functions_are_named() -> None:
    report(
        "Each step of a walk names a file and the functions that run there.",
        "[sending/dispatch.py](services/…/dispatch.py) `send`, and they exist.",
        [problem for walk in WALKS for stop in stops(walk) for problem in _problems(stop)],
    )


def test_a_step_that_an_event_leads_to_is_what_the_service_subscribes() -> None:
    report(
        "What a walk says an event leads to is the reaction in the service's worker.py.",
        "`spend.approved` → [accepting/approval.py](…) `start`",
        [
            f"{stop.event} leads to {sorted(subscribed) or 'nothing'}, not to {stop.path}"
            for walk in WALKS
            for stop in stops(walk)
            if stop.event
            if not (subscribed := _reactions(stop)) & {f"{stop.module}.{f}" for f in stop.functions}
        ],
    )


def _problems(stop: Stop) -> list[str]:
    path = ROOT / stop.path
    if not path.exists():
        return [f"{stop.path} does not exist"]
    if not stop.functions and path.stem != "worker":
        return [f"{stop.path}: no function is named"]
    return [f"{stop.path} has no {f}" for f in stop.functions if f not in _defined(stop.path)]


def _defined(path: str) -> set[str]:
    found = set()
    for node in ast.parse((ROOT / path).read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{each.name}" for each in node.body if hasattr(each, "name")}
    return found


def _reactions(stop: Stop) -> set[str]:
    """The names of the reactions to the stop's event in its service."""
    service = stop.module.split(".")[1]
    program = import_module(f"koinonia.{service}.program").PROGRAM
    return {each.handler for each in program.subscriptions if each.event.name == stop.event}
