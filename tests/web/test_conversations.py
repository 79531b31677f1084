"""The inbox, all day long: what people write appears, and what staff answer arrives."""

from tests.integration.conftest import Founded
from tests.integration.network import Network

from koinonia.common.testing.eventually import eventually

from .conftest import Sits
from .person import PHONE

CHAIRS = "Can we bring chairs on Sunday?"
PLEASE = "Yes please, twenty would help."


async def test_a_text_appears_while_the_inbox_is_open_and_its_answer_arrives(
    person: Sits, found: Founded, phones: Network
) -> None:
    church = await found(members=1)
    ann = await person(church)
    await ann.opens("/inbox")
    assert await ann.sees_the_page("Inbox")
    await phones.text(church.phones[0], church.number, CHAIRS)
    await ann.follows(CHAIRS)
    await ann.answers(PLEASE)
    assert await eventually(lambda: phones.texts(church.phones[0]), 20) == [PLEASE]
    assert await ann.sees("Delivered")


async def test_two_colleagues_see_the_same_conversation_without_reloading(
    person: Sits, found: Founded, phones: Network
) -> None:
    church = await found(members=1)
    ann, ben = await person(church), await person(church)
    for each in (ann, ben):
        await each.opens("/inbox")
    await phones.text(church.phones[0], church.number, CHAIRS)
    await ann.follows(CHAIRS)
    await ben.follows(CHAIRS)
    await ann.answers(PLEASE)
    assert await ben.sees(PLEASE)


async def test_who_said_stop_while_one_writes_cannot_be_texted(
    person: Sits, found: Founded, phones: Network
) -> None:
    church = await found(members=1)
    ann = await person(church)
    await phones.text(church.phones[0], church.number, CHAIRS)
    await ann.opens("/inbox")
    await ann.follows(CHAIRS)
    await ann.writes("Answer", PLEASE)
    await phones.text(church.phones[0], church.number, "STOP")
    assert await ann.sees("This person opted out")


async def test_a_draft_stays_with_its_conversation_over_a_reload_on_a_phone(
    person: Sits, found: Founded, phones: Network
) -> None:
    church = await found(members=1)
    ann = await person(church, viewport=PHONE, has_touch=True)
    await phones.text(church.phones[0], church.number, CHAIRS)
    await ann.opens("/inbox")
    await ann.follows(CHAIRS)
    await ann.writes("Answer", PLEASE)
    await ann.page.reload()
    assert await ann.reads("Answer") == PLEASE
