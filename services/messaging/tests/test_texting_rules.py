"""``/api/texting-rules``: what a church decides about its texts."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from koinonia.common.identity import Role

from .conftest import Client

LAW = {"textsFrom": "08:00", "textsUntil": "21:00", "weeklyBudget": None, "helpContact": None}


async def test_a_church_that_decided_nothing_has_the_rules_of_the_law(
    api: httpx.AsyncClient,
) -> None:
    assert (await api.get("/api/texting-rules")).json() == LAW | {"changedAt": None}


async def test_only_what_is_sent_changes(api: httpx.AsyncClient) -> None:
    await api.patch("/api/texting-rules", json={"textsFrom": "09:30", "weeklyBudget": 3})
    changed = await api.patch("/api/texting-rules", json={"helpContact": "Call (202) 555-0142"})
    assert changed.json() | {"changedAt": None} == LAW | {
        "textsFrom": "09:30",
        "weeklyBudget": 3,
        "helpContact": "Call (202) 555-0142",
        "changedAt": None,
    }
    assert (await api.get("/api/texting-rules")).json() == changed.json()


@pytest.mark.parametrize(
    "hours",
    [
        {"textsFrom": "07:59"},
        {"textsUntil": "21:01"},
        {"textsFrom": "12:00", "textsUntil": "12:00"},
        {"textsFrom": "12:00", "textsUntil": "15:59"},
        {"textsFrom": None},
        {"textsFrom": "noon"},
        {"textsFrom": "09:00+02:00"},
    ],
)
async def test_hours_can_only_be_narrowed(api: httpx.AsyncClient, hours: dict[str, Any]) -> None:
    refused = await api.patch("/api/texting-rules", json=hours)
    assert refused.status_code == 400, refused.json()


async def test_changing_the_rules_takes_an_admin(client: Client, church_id: UUID) -> None:
    staff = client(church_id, Role.STAFF)
    assert (await staff.get("/api/texting-rules")).status_code == 200
    refused = await staff.patch("/api/texting-rules", json={"weeklyBudget": 1})
    assert refused.status_code == 403
