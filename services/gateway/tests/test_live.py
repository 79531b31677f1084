"""Who is told what on the event stream, and from where on."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from koinonia.common import bus, db
from koinonia.common.events import ChurchEvent, Event
from koinonia.common.events.auth import NotificationsChanged
from koinonia.common.events.billing import AllowanceUpdated
from koinonia.common.events.conversation import ConversationsRead, StaffNotified
from koinonia.common.identity import Role
from koinonia.common.testing import bus as testing_bus
from koinonia.common.testing.eventually import eventually
from koinonia.gateway.live import projection

from .conftest import Gateway
from .listening import CHURCH, OTHER, admin, listening, text

Publish = Callable[..., Awaitable[None]]
Live = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest_asyncio.fixture
async def prefix(rabbitmq_url: str) -> AsyncIterator[str]:
    """A place on the bus without a queue, but for the stream."""
    made = testing_bus.namespace()
    yield made
    await testing_bus.clear(rabbitmq_url, made, ())


@pytest.fixture
def live(gateway: Gateway, rabbitmq_url: str, prefix: str) -> Live:
    """A gateway that hears the broker."""

    def opened(**given: Any) -> AbstractAsyncContextManager[httpx.AsyncClient]:
        broker = {"rabbitmq_url": rabbitmq_url, "bus_namespace": prefix}
        return gateway(**broker | given)

    return opened


@pytest_asyncio.fixture
async def client(live: Live) -> AsyncIterator[httpx.AsyncClient]:
    async with live() as opened:
        yield opened


@pytest_asyncio.fixture
async def publish(rabbitmq_url: str, prefix: str) -> AsyncIterator[Publish]:
    publisher = bus.Publisher(rabbitmq_url, "tests", prefix)

    async def published(*events: Event) -> None:
        await publisher.publish([bus.Envelope.from_event(event) for event in events])

    yield published
    await publisher.close()


async def test_a_church_is_told_its_own_events_and_no_others(
    client: httpx.AsyncClient, publish: Publish
) -> None:
    async with listening(client) as ours, listening(client, admin(OTHER)) as theirs:
        await ours.told("hello")
        await theirs.told("hello")
        await publish(text("for us"), text("for them", OTHER), text("for us again"))
        await eventually(lambda: ours.previews() == ["for us", "for us again"])
        await eventually(lambda: theirs.previews() == ["for them"])


PERSONAL: Mapping[str, Callable[[UUID], ChurchEvent]] = {
    "staff.notified": lambda admin_id: StaffNotified(
        church_id=CHURCH, admin_ids=(admin_id,), conversation_id=db.uuid7(), reason="mentioned"
    ),
    "notifications.changed": lambda admin_id: NotificationsChanged(
        church_id=CHURCH, admin_ids=(admin_id,)
    ),
    "conversation.read": lambda admin_id: ConversationsRead(
        church_id=CHURCH, admin_id=admin_id, conversation_ids=(db.uuid7(),)
    ),
}


async def test_what_is_meant_for_somebody_is_told_to_them_alone_on_each_of_their_pages(
    client: httpx.AsyncClient, publish: Publish
) -> None:
    named, other = admin(), admin(role=Role.OWNER)
    async with (
        listening(client, named) as one,
        listening(client, named) as another,
        listening(client, other) as others,
    ):
        for page in (one, another, others):
            await page.told("hello")
        await publish(*(event(named.admin_id) for event in PERSONAL.values()), text("and then"))
        for page in (one, another, others):
            await page.told("conversation.updated")
        for name in PERSONAL:
            assert name in one.names()
            assert name in another.names()
            assert name not in others.names()


async def test_a_role_sees_what_the_table_says(
    client: httpx.AsyncClient, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = projection.VIEWS[AllowanceUpdated].shown
    view = projection.View(shown, Role.ADMIN)
    monkeypatch.setattr(projection, "VIEWS", projection.VIEWS | {AllowanceUpdated: view})
    async with listening(client) as viewer, listening(client, admin(role=Role.OWNER)) as owner:
        await viewer.told("hello")
        spent = AllowanceUpdated(
            church_id=CHURCH, allowance_parts=5, used_parts=2, reserved_parts=0
        )
        await publish(spent, text("and then"))
        await viewer.told("conversation.updated")
        assert (await owner.told("allowance.updated")).data["usedParts"] == 2
        assert "allowance.updated" not in viewer.names()


async def test_who_comes_back_misses_nothing_and_hears_nothing_twice(
    client: httpx.AsyncClient, publish: Publish
) -> None:
    """Both while a great many events are being published, and at any of them."""
    wanted = [str(n) for n in range(400)]
    previews: list[str] = []
    async with listening(client) as begun:
        last_id = (await begun.told("hello")).id

    async def pour() -> None:
        for n in range(0, 400, 4):
            await publish(*(text(preview) for preview in wanted[n : n + 4]))

    pouring = asyncio.create_task(pour())
    while len(previews) < len(wanted):
        async with listening(client, last_id=last_id) as page:
            assert (await page.told("hello")).data["resumed"]
            await page.told("conversation.updated")
        previews, last_id = [*previews, *page.previews()], page.last_id
    await pouring
    assert previews == wanted


async def test_an_id_is_good_at_any_gateway_and_after_a_restart(
    live: Live, publish: Publish
) -> None:
    async with live() as first, listening(first) as page:
        await page.told("hello")
        await publish(text("seen"))
        seen = await page.told("conversation.updated")
    await publish(text("missed"))
    async with live() as second, listening(second, last_id=seen.id) as page:
        await publish(text("new"))
        await eventually(lambda: page.previews() == ["missed", "new"])
    assert "reset" not in page.names()


@pytest.mark.parametrize("last_id", ["0", "nonsense", "9" * 30])
async def test_who_was_away_too_long_is_told_to_begin_anew(
    live: Live, publish: Publish, last_id: str
) -> None:
    async with live(live_window_events=2) as client, listening(client) as before:
        await before.told("hello")
        await publish(*(text(str(n)) for n in range(5)))
        await eventually(lambda: len(before.previews()) == 5)
        async with listening(client, last_id=last_id) as page:
            reset = await page.told("reset")
            await publish(text("new"))
            await eventually(lambda: page.previews() == ["new"])
    assert page.names()[:2] == ["hello", "reset"]
    assert reset.data["id"] == reset.id == page.heard[0].id


async def test_the_last_id_may_stand_in_the_query(
    client: httpx.AsyncClient, publish: Publish
) -> None:
    async with listening(client) as page:
        start = (await page.told("hello")).id
        await publish(text("missed"))
        await page.told("conversation.updated")
    async with listening(client, query=start) as page:
        await eventually(lambda: page.previews() == ["missed"])


async def test_an_id_of_another_time_ends_in_a_reset(
    live: Live, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("koinonia.gateway.live.hub.STRANGE_SECONDS", 0.1)
    async with live(live_beat_seconds=0.3) as client, listening(client, last_id="900000") as page:
        await page.told("reset")
        await publish(text("new"))
        await eventually(lambda: page.previews() == ["new"])


async def test_without_a_broker_streams_are_open_and_say_so(
    gateway: Gateway,
) -> None:
    async with gateway(live_beat_seconds=0.1) as client, listening(client) as page:
        assert (await page.told("state")).data == {"live": False}
        await eventually(lambda: page.beats > 2)
        assert (await client.get("/health/live")).status_code == 200
        assert page.names() == ["state"]
