"""People: found, added, imported and put back, in groups, with their consent in words."""

from playwright.async_api import expect
from tests.integration.conftest import Founded

from .conftest import Sits
from .person import PHONE

LIST = """First Name,Surname,Cell #,Team
Hannah,Reed,(212) 555-0151,Choir
Eve,Stone,(212) 555-0152,Choir
Bad,Number,12345,Choir
"""


async def test_a_list_is_imported_with_consent_in_words_and_undone(
    person: Sits, found: Founded
) -> None:
    ann = await person(await found(number=False))
    await ann.opens("/people/import")
    await ann.writes("Or paste rows from a sheet", LIST)
    await ann.presses("Read what I pasted")
    assert await ann.sees_the_page("What is in each column?")
    await ann.presses("Check the rows")
    assert await ann.sees_the_page("What the import would do")
    assert await ann.sees("The phone has too few digits.")
    refused = ann.page.get_by_role("row").filter(has_text="too few digits")
    await expect(refused).to_contain_text("Bad Number")
    await expect(refused).to_contain_text("12345")
    await ann.presses("Go on")
    await ann.page.get_by_text("Yes, they agreed").click()
    wording = ann.page.get_by_label("What did they agree to?")
    await wording.fill("Text me about the choir.")
    await ann.page.reload()
    await expect(wording).to_have_value("Text me about the choir.")
    await ann.page.get_by_label("Where?").fill("the sign-up sheet")
    await ann.presses("Import")
    assert await ann.sees_the_page("Imported")
    await ann.follows("See the people")
    await ann.follows("Hannah Reed")
    assert await ann.sees("by the sign-up sheet: Text me about the choir.")
    await ann.page.go_back()
    await ann.page.go_back()
    await ann.presses("Undo the import")
    await ann.page.get_by_role("dialog").get_by_role("button", name="Undo the import").click()
    assert await ann.sees_the_page("Undone")


async def test_somebody_is_added_on_a_phone_and_found_by_name(person: Sits, found: Founded) -> None:
    ann = await person(await found(number=False), viewport=PHONE)
    await ann.opens("/people")
    await ann.presses("Add person")
    await ann.writes("First name", "Ruth")
    await ann.writes("Phone", "12")
    await ann.page.get_by_role("dialog").get_by_role("button", name="Add person").click()
    assert await ann.sees("too short")
    await ann.writes("Phone", "(212) 555-0163")
    await ann.page.get_by_role("dialog").get_by_role("button", name="Add person").click()
    assert await ann.is_asked_nothing_more()
    await ann.page.get_by_role("searchbox").fill("Ru")
    await ann.follows("Ruth")
    assert await ann.sees("Nothing is known, so this phone is not texted.")


async def test_a_stop_that_somebody_told_stands_in_the_ledger(person: Sits, found: Founded) -> None:
    church = await found(members=1, number=False)
    ann = await person(church)
    await ann.opens(f"/people/{church.members[0]['id']}")
    await ann.presses("Record a stop")
    await ann.writes("What they said or signed", "Please do not text me any more.")
    await ann.page.get_by_role("dialog").get_by_role("button", name="Record a stop").click()
    assert await ann.sees("Please do not text me any more.")
    await expect(ann.page.get_by_text("Opted out").first).to_be_visible()


async def test_a_group_is_made_and_filled(person: Sits, found: Founded) -> None:
    church = await found(members=1, number=False)
    ann = await person(church)
    await ann.opens("/groups")
    await ann.presses("Add group")
    await ann.writes("Name of the group", "Welcome team")
    await ann.presses("Save")
    await ann.follows("Welcome team")
    await ann.presses("Add people")
    await ann.presses(f"Add {church.members[0]['firstName']} {church.members[0]['lastName']}")
    assert await ann.sees("In the group")
    await ann.presses("Close")
    assert await ann.sees(church.members[0]["lastName"])


async def test_a_search_that_fails_says_so_and_goes_on_by_a_click(
    person: Sits, found: Founded
) -> None:
    church = await found(members=2, number=False)
    ann = await person(church)
    await ann.opens(f"/people/{church.members[0]['id']}")
    assert await ann.sees("Nobody else has this phone.")
    await ann.page.route("**/api/members?search=*", lambda route: route.fulfill(status=429))
    await ann.presses("More")
    await ann.page.get_by_role("menuitem", name="Merge with another card").click()
    assert await ann.sees("Try again")
    await ann.page.unroute_all()
    await ann.presses("Try again")
    await ann.page.get_by_role("searchbox").fill("Ann")
    await ann.presses("The same person")
    assert await ann.sees("Stays")
    await ann.opens(f"/groups/{church.members[0]['groups'][0]['id']}")
    await ann.page.route("**/api/members?search=*", lambda route: route.fulfill(status=429))
    await ann.presses("Add people")
    assert await ann.sees("Try again")
    await ann.page.unroute_all()
    await ann.presses("Try again")
    assert await ann.sees("In the group")


async def test_everybody_of_a_filter_moves_to_another_group_and_is_taken_home_as_a_file(
    person: Sits, found: Founded
) -> None:
    church = await found(members=60, number=False)
    [newcomers] = (await church.get("/api/groups"))["data"]
    branch = {"branchId": newcomers["branchId"]}
    (await church.api.post("/api/groups", json={"name": "Choir", **branch})).raise_for_status()
    ann = await person(church)
    await ann.opens(f"/people?group={newcomers['id']}")
    await ann.presses("Order: Newest first")
    await ann.page.get_by_role("menuitem", name="By last name").click()
    await expect(ann.page.get_by_role("row").nth(1)).to_contain_text("Example0")
    await ann.page.get_by_text("Select the 50 shown").click()
    await ann.presses("Select all 60 people")
    await ann.presses("Move to another group")
    await ann.page.get_by_role("combobox", name="Group").fill("Choir")
    await ann.page.get_by_role("option", name="Choir").click()
    await ann.page.get_by_role("dialog").get_by_role("button", name="Move").click()
    assert await ann.sees("60 people changed.")
    await ann.opens("/people")
    await ann.presses("More")
    async with ann.page.expect_download() as file:
        await ann.page.get_by_role("menuitem", name="these people").click()
    lines = (await (await file.value).path()).read_text().splitlines()
    assert len(lines) == 61
    assert "Choir" in lines[1]


async def test_a_card_leads_to_the_conversation_and_to_each_text(
    person: Sits, found: Founded
) -> None:
    church = await found(members=1)
    await church.settled((await church.send("Good morning!"))["id"])
    ann = await person(church)
    card = f"/people/{church.members[0]['id']}"
    await ann.opens(card)
    await ann.follows("Good morning!")
    await ann.page.wait_for_url("**/messages/*")
    await ann.opens(card)
    await ann.page.get_by_role("main").get_by_text("Conversation", exact=True).click()
    await ann.page.wait_for_url("**/inbox/*")
    assert await ann.reads("Answer") == ""
