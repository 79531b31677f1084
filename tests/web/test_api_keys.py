"""An owner gives another program a key, and takes it back."""

import re

import httpx
from playwright.async_api import expect
from tests.integration.conftest import Founded

from .conftest import Sits


async def test_a_key_is_made_seen_once_used_and_removed(
    person: Sits, found: Founded, visitor: httpx.AsyncClient
) -> None:
    church = await found(number=False)
    ann = await person(church)
    await ann.opens("/settings/api-keys")
    assert await ann.sees("No program has a key.")
    await ann.presses("Make a key")
    dialog = ann.page.get_by_role("dialog")
    await ann.writes("Name", "Sign-up form")
    await dialog.get_by_role("checkbox", name="People: see", exact=True).check(force=True)
    await dialog.get_by_role("button", name="Make a key").click()
    shown = await dialog.get_by_text(re.compile("^koi_")).inner_text()
    program = {"Authorization": f"Bearer {shown}"}
    assert (await visitor.get("/api/members", headers=program)).status_code == 200
    await dialog.get_by_role("button", name="Close").last.click()
    assert await ann.sees("May: People: see")
    await ann.page.get_by_role("button", name="Remove Sign-up form").click()
    await dialog.get_by_role("button", name="Remove").last.click()
    assert await ann.sees("No program has a key.")
    await expect(dialog).to_have_count(0)
    assert (await visitor.get("/api/members", headers=program)).status_code == 401
