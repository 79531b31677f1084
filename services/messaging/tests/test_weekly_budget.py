"""A weekly budget of texts per person, across all ministries."""

import pytest
import pytest_asyncio

from .desk import Desk


@pytest_asyncio.fixture
async def weary(desk: Desk) -> Desk:
    """Two people who may get two texts a week; one of them had one, the other two."""
    for _ in range(2):
        await desk.members(1)
        assert (await desk.post("send", "Hello")).status_code == 202
    await desk.api.patch("/api/texting-rules", json={"weeklyBudget": 2})
    return desk


async def left_out(desk: Desk, priority: str) -> int:
    preview = await desk.preview(priority=priority)
    tired: int = preview["excluded"]["fatigue"]
    return tired


@pytest.mark.parametrize(("priority", "tired"), [("low", 2), ("normal", 1), ("high", 0)])
async def test_the_preview_shows_whom_the_budget_leaves_out(
    weary: Desk, priority: str, tired: int
) -> None:
    assert await left_out(weary, priority) == tired


async def test_who_is_tired_is_not_texted_and_is_counted(weary: Desk) -> None:
    sent = (await weary.post("send", "Hello")).json()
    shown = (await weary.api.get(f"/api/messages/{sent['id']}")).json()
    assert (shown["totalRecipients"], shown["excluded"]["fatigue"]) == (1, 1)


async def test_after_a_week_everybody_has_rested(weary: Desk) -> None:
    await weary.run("UPDATE messages SET created_at = created_at - interval '7 days'")
    assert await left_out(weary, "normal") == 0


async def test_texts_that_were_never_sent_tire_nobody(weary: Desk) -> None:
    await weary.run(
        """
        WITH skipped AS (UPDATE message_recipients SET status = 'skipped' RETURNING message_id)
        UPDATE messages SET pending_count = 0, skipped_count = total_recipients
        """
    )
    assert await left_out(weary, "normal") == 0
