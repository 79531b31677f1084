"""What is kept for later is removed by two clicks, and stays where only one was made."""

import pytest
from playwright.async_api import expect
from tests.integration.churches import Church
from tests.integration.conftest import Founded

from .conftest import Sits

TEMPLATE = {"name": "Welcome", "category": "Sunday", "content": "Welcome among us!"}
KEYWORD = {"word": "CHOIR", "answer": "We sing on Thursdays."}


@pytest.mark.parametrize(
    ("page", "given", "named"),
    [("templates", TEMPLATE, "Welcome"), ("keywords", KEYWORD, "CHOIR")],
)
async def test_it_is_asked_for_and_then_gone(
    person: Sits, found: Founded, page: str, given: dict[str, str], named: str
) -> None:
    church = await found(number=False)
    (await church.api.post(f"/api/{page}", json=given)).raise_for_status()
    ann = await person(church)
    await ann.opens(f"/{page}")
    await ann.presses(f"Remove {named}")
    await ann.presses("Cancel")
    assert await ann.is_asked_nothing_more()
    assert named in await _kept(church, page)
    await ann.presses(f"Remove {named}")
    await ann.page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    await expect(ann.page.get_by_role("button", name=f"Remove {named}", exact=True)).to_have_count(
        0
    )
    assert named not in await _kept(church, page)


async def _kept(church: Church, page: str) -> list[str]:
    """The names of a church's templates, or the words of its keywords."""
    return [each.get("name") or each["word"] for each in (await church.get(f"/api/{page}"))["data"]]
