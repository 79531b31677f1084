"""A hostile carrier: it repeats, reorders, drops, contradicts itself and hangs up in the middle.

Whatever it does, nobody has two texts of one message, every text that it took is accounted for, no
status goes back, and the figures of messages, billing and carrier are the same.
"""

import re

import pytest

from .playing import Played

SEEDS = range(200)

pytestmark = pytest.mark.timeout(900)  # the first test waits for all seeds


@pytest.mark.parametrize("seed", SEEDS)
def test_everybody_has_one_text_and_all_figures_agree(played: Played, seed: int) -> None:
    how = f"To repeat it: make soak ARGS='carrier --seeds 1 --start {seed}'"
    assert not played.wrong[seed], "\n".join([how, *played.wrong[seed]])


@pytest.mark.parametrize("seeds", [SEEDS], ids=["of all seeds"])
def test_no_event_is_buried(played: Played, seeds: range) -> None:
    assert not played.buried


@pytest.mark.parametrize("seeds", [SEEDS], ids=["of all seeds"])
def test_telnyx_and_twilio_were_odd_in_every_way_they_can(played: Played, seeds: range) -> None:
    assert not played.unmet


@pytest.mark.parametrize("seeds", [SEEDS], ids=["of all seeds"])
def test_the_operators_tool_says_the_same(verified: str, seeds: range) -> None:
    assert re.search(r"No status went back +\d+ +0", verified)
    assert re.search(r"Texts: \d\d+ through telnyx, \d\d+ through twilio", verified)
    assert verified.endswith("exit 0")
