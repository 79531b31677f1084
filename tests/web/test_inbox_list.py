"""The list of conversations: what narrows it down, and what other pages must not do to it."""

from tests.integration.conftest import Founded
from tests.integration.network import Network

from .conftest import Sits

CHAIRS, CAKE = "Can we bring chairs on Sunday?", "We bring a cake."


async def test_conversations_are_filtered_by_group_and_by_number(
    person: Sits, found: Founded, phones: Network
) -> None:
    church = await found(members=2)
    [group] = await church.everything("/api/groups")
    answer = await church.api.delete(f"/api/groups/{group['id']}/members/{church.members[1]['id']}")
    assert answer.is_success, answer.text
    await phones.text(church.phones[0], church.number, CHAIRS)
    await phones.text(church.phones[1], church.number, CAKE)
    ann = await person(church)
    await ann.opens("/inbox")
    assert await ann.sees(CHAIRS)
    assert await ann.sees(CAKE)
    await ann.presses("Filter")
    await ann.page.get_by_role("combobox", name="Group").fill("Newc")
    await ann.page.get_by_role("option", name="Newcomers").click()
    await ann.presses("Show")
    await ann.page.get_by_text(CAKE).first.wait_for(state="hidden")
    assert await ann.sees(CHAIRS)
    await ann.page.reload()  # it is in the address
    await ann.presses("Take away the filter Group: Newcomers")
    assert await ann.sees(CAKE)
    await ann.presses("Filter")
    await ann.page.get_by_role("combobox", name="Number").fill(church.number[-4:])
    await ann.page.get_by_role("option").first.click()
    await ann.presses("Show")
    assert await ann.sees(CAKE)
    assert "number=" in ann.page.url


async def test_the_team_of_the_settings_leaves_the_inbox_as_it_is(
    person: Sits, found: Founded, phones: Network
) -> None:
    church = await found(members=1)
    ann = await person(church)
    await phones.text(church.phones[0], church.number, CHAIRS)
    await ann.opens("/settings/team")
    assert await ann.sees(church.email)
    await ann.follows("Labels")
    assert await ann.sees_the_page("Labels")
    await ann.follows("Inbox")
    await ann.follows(CHAIRS)
    await ann.answers("Yes, please.")
    assert await ann.sees("Yes, please.")
