"""The line is cut: the page says so, keeps what was typed, and goes on."""

from tests.integration.conftest import Founded
from tests.integration.network import Network

from .conftest import Sits

CHAIRS = "Can we bring chairs on Sunday?"
TABLES = "And two tables?"
PLEASE = "Yes please, twenty would help."


async def test_a_lost_line_is_said_and_what_came_meanwhile_appears_when_it_is_back(
    person: Sits, found: Founded, phones: Network
) -> None:
    church = await found(members=1)
    ann = await person(church)
    await phones.text(church.phones[0], church.number, CHAIRS)
    await ann.opens("/inbox")
    await ann.follows(CHAIRS)
    await ann.writes("Answer", PLEASE)
    await ann.page.context.set_offline(True)
    assert await ann.sees("Connection lost.")
    await phones.text(church.phones[0], church.number, TABLES)
    await ann.presses("Send")
    assert await ann.reads("Answer") == PLEASE
    await ann.page.context.set_offline(False)
    assert await ann.sees(TABLES)
    assert await ann.reads("Answer") == PLEASE
    await ann.presses("Send")
    await ann.presses("Send anyway")  # since something was said meanwhile
    assert await ann.sees("Delivered")
