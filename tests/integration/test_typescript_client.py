"""A program that was compiled against the generated TypeScript client lives a church's whole life.

What it does is in ``clients/typescript/program``; here is what came of it.
"""

import json
import subprocess
from typing import Any

import pytest

from koinonia.common.testing.phones import phone
from koinonia.devkit.documents import typescript
from koinonia.devkit.system import System

PHONES = [phone(n) for n in (9001, 9002, 9003)]  # of nobody else in the run
SECONDS = 100

Outcome = dict[str, Any]


@pytest.fixture(scope="module")
def outcome(system: System) -> Outcome:
    """What the program printed."""
    program = typescript.FOLDER / "program/life.ts"
    ended = subprocess.run(
        [typescript.node(), program, system.gateway_url, system.carrier_url, *PHONES],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return dict(json.loads(ended.stdout))


def test_a_browser_registers_and_renews_with_cookies_and_csrf_tokens(outcome: Outcome) -> None:
    assert outcome["admin"] == "Ruth"


def test_people_are_listed_page_by_page_and_by_filters(outcome: Outcome) -> None:
    assert outcome["people"] == ["Ann", "Ben", "1 found"]
    assert outcome["consent"] == "granted: Signed the form."
    assert outcome["imported"] == ["created", "failed"]


def test_a_text_goes_out_as_it_was_previewed(outcome: Outcome) -> None:
    assert outcome["previewed"] == {"phones": 2, "parts": 2}
    assert outcome["sent"] == 2
    assert outcome["texts"] == [f"Hello {name}, picnic at noon!" for name in ("Ann", "Ben")]


def test_what_is_for_later_is_a_schedule_by_its_kind(outcome: Outcome) -> None:
    assert (outcome["later"], outcome["dates"]) == ("scheduled", 10)


def test_a_conversation_is_worked_on_as_staff_do(outcome: Outcome) -> None:
    assert outcome["inbox"] == ["Ruth", "Parking", "inbound", "note", "outbound"]
    assert outcome["picture"] == 1
    assert outcome["found"] == "Where do we park?"


def test_errors_are_narrowed_by_their_codes(outcome: Outcome) -> None:
    assert outcome["refused"] == ["there already", "404 MEMBER_NOT_FOUND"]


def test_nine_minimal_calls_of_daily_life_are_enough(outcome: Outcome) -> None:
    assert outcome["minimal"] == 9


def test_the_figures_of_the_office_follow(outcome: Outcome) -> None:
    assert outcome["settings"] == 2
    assert outcome["figures"]["texts"] >= 2
    assert outcome["figures"]["days"] == 30
