"""The office hours as staff see and set them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from koinonia.common import clock, db
from koinonia.common.events.auth import ChurchRegistered, ChurchUpdated
from koinonia.common.identity import Role
from koinonia.common.runtime import Running
from koinonia.common.testing import probe, service
from koinonia.conversation.program import PROGRAM

from .conftest import Client

ROUTE = "/api/office-hours"
SUNDAY = {"day": 7, "from": "01:30", "to": "24:00"}


def wanted(*spans: dict[str, Any], answer: str = "Closed.") -> dict[str, Any]:
    return {"enabled": True, "hours": list(spans), "answer": answer}


@pytest_asyncio.fixture
async def new_york(running: Running, church_id: UUID) -> datetime:
    """The church is there, as the newest word of auth says; an older one comes late."""
    at = clock.now()
    zones = {"America/New_York": at, "America/Chicago": at - timedelta(days=1)}
    for zone, said_at in zones.items():
        event = ChurchUpdated(
            church_id=church_id, church_name="Grace", timezone=zone, occurred_at=said_at
        )
        await service.hear(PROGRAM, running, event)
    return at


async def test_nothing_is_answered_until_office_hours_are_set(api: httpx.AsyncClient) -> None:
    assert (await api.get(ROUTE)).json() == {
        "enabled": False,
        "hours": [],
        "answer": "",
        "timezone": None,
        "isOpenNow": None,
        "opensAt": None,
    }


@pytest.mark.usefixtures("new_york")
async def test_when_it_opens_is_told_in_the_zone_of_the_church(
    client: Client, church_id: UUID
) -> None:
    night_of_the_change = datetime(2026, 10, 31, 12, tzinfo=UTC)
    with clock.freeze(night_of_the_change):
        async with client(church_id, Role.ADMIN) as admin:
            await admin.put(ROUTE, json=wanted(SUNDAY))
            seen = (await admin.get(ROUTE)).json()
    assert seen == wanted(SUNDAY) | {
        "timezone": "America/New_York",
        "isOpenNow": False,
        "opensAt": "2026-11-01T01:30:00-04:00",
    }


NONSENSE = [
    (wanted({"day": 1, "from": "09:00", "to": "09:00"}), "BAD_OFFICE_HOURS"),
    (wanted(SUNDAY, {"day": 7, "from": "23:00", "to": "24:00"}), "BAD_OFFICE_HOURS"),
    (wanted({"day": 1, "from": "9:00", "to": "10:00"}), "VALIDATION_ERROR"),
    (wanted({"day": 1, "from": "24:00", "to": "24:00"}), "VALIDATION_ERROR"),
    (wanted({"day": 8, "from": "09:00", "to": "10:00"}), "VALIDATION_ERROR"),
    (wanted(answer=" "), "EMPTY_TEXT"),
    (wanted(answer="x" * 1601), "TEXT_TOO_LONG"),
]


async def test_hours_that_make_no_sense_are_refused(api: httpx.AsyncClient) -> None:
    for body, code in NONSENSE:
        answer = await api.put(ROUTE, json=body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, code), body


async def test_staff_see_them_and_an_admin_sets_them(client: Client, church_id: UUID) -> None:
    async with client(church_id, Role.STAFF) as staff:
        assert (await staff.get(ROUTE)).status_code == 200
        assert (await staff.put(ROUTE, json=wanted())).status_code == 403


async def test_a_church_keeps_its_language_until_another_one_is_known(
    running: Running, database: db.Database, church_id: UUID
) -> None:
    at = clock.now()
    seen = []
    for days, language in enumerate(["spanish", None, "klingon"]):
        event = ChurchRegistered(
            church_id=church_id,
            church_name="Grace",
            timezone="UTC",
            language=language,
            occurred_at=at + timedelta(days=days),
        )
        await service.hear(PROGRAM, running, event)
        async with database.transaction(church_id) as session:
            row = await probe.first(session, "SELECT language FROM churches")
            seen.append(row.language if row else None)
    assert seen == ["spanish", "spanish", "english"]
