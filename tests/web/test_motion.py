"""Who wants nothing to move sees nothing move."""

import pytest
from tests.integration.conftest import Founded

from .conftest import Sits

# What would move for longer than one notices.
MOVING = """() => document.getAnimations()
    .filter((each) => !each.effect.target.hasAttribute("data-turns"))
    .filter((each) => each.effect.getComputedTiming().activeDuration > 20)
    .map((each) => each.animationName ?? each.transitionProperty)"""
# A bar that fills, as those of a broadcast do while it goes out.
FILL = """() => {
    for (const bar of document.querySelectorAll("[class*=fill], [class*=bar], [role=meter] *"))
        bar.style.inlineSize = "37%";
}"""


@pytest.mark.parametrize("path", ["/dashboard", "/inbox", "/send", "/settings/usage"])
async def test_nothing_moves(person: Sits, found: Founded, path: str) -> None:
    church = await found(members=1)
    ann = await person(church, reduced_motion="reduce")
    await ann.opens(path)
    await ann.page.get_by_role("heading", level=1).first.wait_for()
    await ann.run(FILL)
    assert await ann.run(MOVING) == []


async def test_a_broadcast_s_bars_stand_still_too(person: Sits, found: Founded) -> None:
    church = await found(members=2)
    message = await church.send("Picnic on Sunday.")
    await church.settled(message["id"])
    ann = await person(church, reduced_motion="reduce")
    await ann.opens(f"/messages/{message['id']}")
    assert await ann.sees_the_page("What became of it")
    await ann.run(FILL)
    assert await ann.run(MOVING) == []
    ann = await person(church)
    await ann.opens(f"/messages/{message['id']}")
    assert await ann.sees_the_page("What became of it")
    await ann.run(FILL)
    assert await ann.run(MOVING) != []  # so it was looked for
