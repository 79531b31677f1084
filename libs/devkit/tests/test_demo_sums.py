"""The demo's own sums: they hold only where they should."""

from collections import Counter
from typing import Any

import pytest

from koinonia.devkit.demo import arithmetic, people
from koinonia.devkit.demo.arithmetic import Sending, Sums
from koinonia.devkit.demo.network import Tally
from koinonia.devkit.demo.stage import listed


@pytest.fixture
def sums() -> Sums:
    return Sums()


def preview(**changed: Any) -> Any:
    """Of a text to two phones; a third said STOP, and a fourth person shares a phone."""
    figures = {"people": 4, "phones": 2, "parts": 3, "partsByCount": {"1": 1, "2": 1}}
    return figures | {"excluded": {"optedOut": 1, "duplicate": 1, "noConsent": 0}} | changed


def text(content: str, status: str = "delivered") -> Any:
    return {"content": content, "status": status}


TEXTS = [text("Hello Anna"), text("Hello " + 20 * "everybody ")]


def sent(billed: int, **changed: Any) -> Sending:
    message = {"totalRecipients": 2, "excluded": preview()["excluded"]}
    message |= {"parts": {"estimated": 3, "billed": billed}} | changed
    return Sending([message], frozenset(), Tally(Counter(), Counter()), preview())


def test_a_preview_adds_up(sums: Sums) -> None:
    arithmetic.check_preview(sums, "it", preview(), {"a", "b"}, {"optedOut": 1, "duplicate": 1})
    assert sums.hold


@pytest.mark.parametrize(
    "changed", [{"people": 5}, {"phones": 3}, {"excluded": {"noConsent": 1, "duplicate": 1}}]
)
def test_a_preview_that_counts_wrongly_does_not(sums: Sums, changed: dict[str, Any]) -> None:
    known = {"optedOut": 1, "duplicate": 1}
    arithmetic.check_preview(sums, "it", preview(**changed), {"a", "b"}, known)
    assert not sums.hold


def test_what_a_preview_showed_is_what_was_sent_and_charged(sums: Sums) -> None:
    arithmetic.check_texts(sums, "it", sent(billed=3), TEXTS)
    assert sums.hold


def test_a_text_that_failed_is_not_charged(sums: Sums) -> None:
    arithmetic.check_texts(sums, "it", sent(billed=1), [TEXTS[0], TEXTS[1] | {"status": "failed"}])
    assert sums.hold


@pytest.mark.parametrize(
    "sending", [sent(billed=2), sent(billed=3, totalRecipients=3), sent(billed=3, excluded={})]
)
def test_what_no_preview_showed_does_not_add_up(sums: Sums, sending: Sending) -> None:
    arithmetic.check_texts(sums, "it", sending, TEXTS)
    assert not sums.hold


def test_a_sum_that_does_not_hold_says_what_it_found(sums: Sums) -> None:
    sums.claim("two and two are four", 5, 4)
    assert sums.claims == [("two and two are four: found 5, expected 4", False)]


def test_some_phones_belong_to_families_and_some_people_were_not_asked() -> None:
    everybody = people.everybody()
    shared, unasked = people.families(), {person.phone for person in people.unasked()}
    phones = {person.phone for person in everybody if person.consents}
    assert (len(phones), len(shared), phones & unasked) == (people.COUNT, 8, set())


def test_families_are_long_enough_to_need_another_part() -> None:
    greetings = {listed(names) for names in people.families().values()}
    assert len(greetings) == 8
    assert min(map(len, greetings)) > max(len(person.first_name) for person in people.everybody())
