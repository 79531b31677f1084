"""The pages are open while RabbitMQ and the gateway die: they say so, keep what was typed, and go
on by themselves."""

import pytest
from playwright.async_api import expect
from tests.integration.conftest import Founded
from tests.integration.network import CALM, Network
from tests.web.conftest import Sits
from tests.web.person import Person

from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.servers import Servers
from koinonia.devkit.system import System

from .healing import heal

CHAIRS = "Can we bring chairs on Sunday?"
TABLES = "And two tables?"
PLEASE = "Yes please, twenty would help."
PATIENCE_SECONDS = 60

pytestmark = pytest.mark.timeout(240)


async def test_an_answer_that_was_sent_without_rabbitmq_leaves_when_it_is_back(
    person: Sits, found: Founded, phones: Network, servers: Servers, system: System
) -> None:
    ann, phone, number = await _reading(person, found, phones)
    servers.rabbitmq.kill()
    await ann.answers(PLEASE)
    assert await _shows(ann, PLEASE)
    await phones.text(phone, number, TABLES)
    heal(servers, system)
    assert await _shows(ann, TABLES)
    assert await _shows(ann, "Delivered")

    async def arrived() -> list[str]:
        return await phones.texts(phone)

    assert await eventually(arrived, PATIENCE_SECONDS) == [PLEASE]


async def test_a_page_goes_on_by_itself_when_the_gateway_is_back(
    person: Sits, found: Founded, phones: Network, servers: Servers, system: System
) -> None:
    ann, phone, number = await _reading(person, found, phones)
    await ann.writes("Answer", PLEASE)
    for gateway in _gateways(system):
        system.kill(gateway)
    assert await _shows(ann, "Connection lost.")
    await ann.presses("Send")
    await phones.text(phone, number, TABLES)
    assert await ann.reads("Answer") == PLEASE
    heal(servers, system)
    assert await _shows(ann, TABLES)
    assert await ann.reads("Answer") == PLEASE
    await ann.presses("Send")
    await ann.presses("Send anyway")  # since something was said meanwhile
    assert await _shows(ann, "Delivered")
    assert await phones.texts(phone) == [PLEASE]


async def _reading(person: Sits, found: Founded, phones: Network) -> tuple[Person, str, str]:
    """Somebody reads a text; its phone and the church's number."""
    await phones.forget()
    await phones.turn(**CALM | {"webhook_attempts": 12, "webhook_backoff": 0.25})
    church = await found(members=1)
    await phones.text(church.phones[0], church.number, CHAIRS)
    ann = await person(church)
    await ann.opens("/inbox")
    await ann.follows(CHAIRS)
    return ann, church.phones[0], church.number


async def _shows(who: Person, text: str) -> bool:
    """Once the page shows a text; servers take their time to come back."""
    await expect(who.page.get_by_text(text).first).to_be_visible(timeout=PATIENCE_SECONDS * 1_000)
    return True


def _gateways(system: System) -> list[str]:
    return [name for name in system.environment.parts if name.startswith("gateway")]
