"""The vocabulary of failures: closed, explained, silent about phones."""

import pytest

from koinonia.carriers.failures import RULES, CarrierFailure, Failure, Follows


@pytest.mark.parametrize("failure", Failure)
def test_every_failure_says_what_follows_and_why(failure: Failure) -> None:
    assert failure.follows in Follows
    assert failure.sentence.endswith(".")


def test_there_are_no_rules_without_a_failure() -> None:
    assert set(RULES) == set(Failure)


def test_only_an_opt_out_opts_out() -> None:
    opting_out = [failure for failure in Failure if failure.follows is Follows.OPTED_OUT]
    assert opting_out == [Failure.OPTED_OUT]


@pytest.mark.parametrize(
    "words",
    ["from '+12025550100' to", "to 12025550142.", "(202) 555-0142 is bad", "+1 202 555 01 42"],
)
def test_a_failure_never_tells_a_phone_number(words: str) -> None:
    failure = CarrierFailure(Failure.REFUSED, code="40004", detail=words)
    assert "[number]" in failure.detail
    assert "555" not in f"{failure!s}{failure!r}"
