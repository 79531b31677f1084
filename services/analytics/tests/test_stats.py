from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from koinonia.analytics import totals
from koinonia.analytics.program import PROGRAM
from koinonia.analytics.schemas import delivery_rate
from koinonia.common import clock, db
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.common.runtime import Running
from koinonia.common.testing import service
from koinonia.common.testing.eventually import eventually

from .conftest import Client
from .factories import church, created, hear, joined, moved, thread

NOON = datetime(2026, 11, 22, 18, tzinfo=UTC)  # in Chicago
NOTHING = dict.fromkeys(
    ("pending", "sending", "sent", "delivered", "failed", "unconfirmed", "skipped"), 0
)


async def ask(client: Client, church_id: UUID) -> Any:
    async with client(service.token(church_id)) as http:
        answer = await http.get("/api/analytics/stats")
    assert answer.status_code == 200
    return answer.json()


async def test_stats_are_the_figures_of_the_church_and_its_last_thirty_days(
    running: Running, client: Client, church_id: UUID
) -> None:
    pending = DeliveryStatus.PENDING
    with clock.freeze(NOON):
        message = created(church_id, recipients=4)
        report = moved(
            message,
            (pending, DeliveryStatus.DELIVERED),
            (pending, DeliveryStatus.DELIVERED),
            (pending, DeliveryStatus.FAILED),
        )
        await hear(running, message, report, joined(church_id, 7), *thread(church_id, "open"))
        stats = await ask(client, church_id)
    by_status = {**NOTHING, "delivered": 2, "failed": 1, "pending": 1}
    daily = stats.pop("daily")
    assert stats == {
        "messages": 1,
        "recipients": 4,
        "recipientsByStatus": by_status,
        "deliveryRate": 0.6667,
        "replies": 0,
        "members": 7,
        "openConversations": 1,
        "timezone": "America/Chicago",
    }
    today = {"date": "2026-11-22", "messages": 1, "recipients": 4, "replies": 0, **by_status}
    assert daily[-1] == today
    empty = {"date": "2026-10-24", "messages": 0, "recipients": 0, "replies": 0, **NOTHING}
    assert (len(daily), daily[0]) == (30, empty)


async def test_a_church_without_traffic_has_zeros_and_no_rate(client: Client) -> None:
    stats = await ask(client, db.uuid7())
    assert (stats["messages"], stats["deliveryRate"], len(stats["daily"])) == (0, None, 30)


async def test_a_church_sees_its_own_figures_only(
    running: Running, client: Client, church_id: UUID
) -> None:
    other = await church(running)
    await hear(running, created(other, recipients=9), joined(other, 9))
    stats = await ask(client, church_id)
    assert (stats["recipients"], stats["members"]) == (0, 0)


async def test_figures_come_from_the_cache_until_an_event_changes_them(
    running: Running, client: Client, church_id: UUID
) -> None:
    await ask(client, church_id)
    await _change_unannounced(running, church_id)
    assert (await ask(client, church_id))["members"] == 0
    await hear(running, joined(church_id, 1))
    assert (await ask(client, church_id))["members"] == 91


async def test_what_no_event_announced_is_seen_when_the_cached_figures_grow_old(
    running: Running, client: Client, church_id: UUID
) -> None:
    await ask(client, church_id)
    await _change_unannounced(running, church_id)

    async def is_seen() -> bool:
        return bool((await ask(client, church_id))["members"] == 90)

    with clock.shift(timedelta(seconds=310)):
        await eventually(is_seen)


async def _change_unannounced(running: Running, church_id: UUID) -> None:
    async with running.database.transaction(church_id) as session:
        await totals.add(session, church_id, members=90)


@pytest.mark.parametrize("token", [None, "forged", "expired"])
async def test_without_a_good_token_there_are_no_stats(client: Client, token: str | None) -> None:
    if token == "expired":
        token = service.token(db.uuid7(), expires_in=timedelta(minutes=-1))
    async with client(token) as http:
        answer = await http.get("/api/analytics/stats")
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("settled", "rate"),
    [((0, 0, 0), None), ((1, 0, 0), 1.0), ((2, 1, 0), 0.6667), ((0, 1, 1), 0.0)],
)
def test_the_delivery_rate_is_of_texts_whose_fate_is_known(
    settled: tuple[int, int, int], rate: float | None
) -> None:
    assert delivery_rate(*settled) == rate


def test_the_interface_names_the_date_of_a_day() -> None:
    schemas = service.document(PROGRAM)["components"]["schemas"]
    assert {"date", "recipients", "delivered"} <= set(schemas["Day"]["properties"])
