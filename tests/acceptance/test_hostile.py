"""A hostile carrier: it repeats, reorders, drops, contradicts itself and hangs up in the middle.

Whatever it does, nobody has two texts of one message, every text that it took is accounted for, no
status goes back, and the figures of messages, billing and carrier are the same.
"""

import pytest

from .playing import Played

SEEDS = range(200)

pytestmark = pytest.mark.timeout(300)  # the first test waits for all seeds


@pytest.mark.parametrize("seed", SEEDS)
def test_everybody_has_one_text_and_all_figures_agree(played: Played, seed: int) -> None:
    how = f"To repeat it: make soak ARGS='--seeds 1 --start {seed}'"
    assert not played.wrong[seed], "\n".join([how, *played.wrong[seed]])


@pytest.mark.parametrize("seed", [0])
def test_no_event_is_buried(played: Played, seed: int) -> None:
    assert not played.buried


@pytest.mark.parametrize("seed", [0])
def test_the_operators_tool_says_the_same(verified: str, seed: int) -> None:
    assert "No status went back" in verified
    assert "✗" not in verified
    assert verified.endswith("exit 0")
