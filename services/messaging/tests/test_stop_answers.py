"""How well stops are understood: precision and recall on answers labelled by hand.

    .venv/bin/python -m pytest -s services/messaging/tests/test_stop_answers.py

prints the figures that README.md states.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from koinonia.messaging.people.optout.meaning import Meaning, meaning

HERE = Path(__file__).parent / "vectors"
GRADES = {Meaning.STOP: "one", Meaning.STOP_PHRASE: "one", Meaning.STOP_ASKED: "two"}
Figures = dict[str, tuple[float, float]]  # precision and recall, by grade


def _answers(name: str) -> list[dict[str, str]]:
    answers: list[dict[str, str]] = json.loads((HERE / name).read_text())["answers"]
    return answers


def _heard(answer: dict[str, str]) -> str:
    return GRADES.get(meaning(answer["text"]), "none")


def _figures(answers: list[dict[str, str]]) -> Figures:
    pairs = [(answer["label"], _heard(answer)) for answer in answers]
    figures = {}
    for grade in ("one", "two"):
        right = sum(label == heard == grade for label, heard in pairs)
        figures[grade] = (
            right / sum(heard == grade for _, heard in pairs),
            right / sum(label == grade for label, _ in pairs),
        )
    return figures


FLOORS: list[Any] = [
    ("stop_answers.json", {"one": (1.0, 1.0), "two": (0.98, 0.98)}),
    ("stop_answers_held_out.json", {"one": (1.0, 0.94), "two": (1.0, 0.94)}),
    ("stop_answers_indirect.json", {"one": (1.0, 0.87), "two": (1.0, 0.37)}),
]


@pytest.mark.parametrize(("name", "floor"), FLOORS)
def test_the_published_figures_hold(name: str, floor: Figures) -> None:
    answers = _answers(name)
    figures = _figures(answers)
    for grade, (precision, recall) in figures.items():
        print(f"{name} {len(answers)} grade {grade}: {precision:.3f} {recall:.3f}")
        assert precision >= floor[grade][0], grade
        assert recall >= floor[grade][1], grade


def test_no_answer_of_grade_one_is_wrong() -> None:
    wrong = [a["text"] for a in _answers("stop_answers.json") if "one" in {a["label"], _heard(a)}]
    assert [text for text in wrong if not meaning(text).stops] == []


@pytest.mark.parametrize("name", ["stop_answers_held_out.json", "stop_answers_indirect.json"])
def test_no_ordinary_answer_is_held_out_as_a_stop(name: str) -> None:
    ordinary = [answer for answer in _answers(name) if answer["label"] == "none"]
    assert [a["text"] for a in ordinary if meaning(a["text"]).stops] == []


def test_there_are_enough_answers_and_none_twice() -> None:
    texts = [answer["text"] for answer in _answers("stop_answers.json")]
    assert len(texts) == len(set(texts)) >= 850
