"""Messages for later, as staff schedule them."""

from datetime import timedelta
from typing import Any

from koinonia.common import clock

from .desk import Desk


def later(**by: int) -> str:
    return (clock.now() + timedelta(**by or {"days": 7})).isoformat()


def nine_in_chicago() -> dict[str, str]:
    """Nine in the morning, in about a month."""
    day = (clock.now() + timedelta(days=30)).date()
    return {"localTime": f"{day}T09:00:00", "timezone": "America/Chicago"}


async def scheduled(desk: Desk, **given: Any) -> dict[str, Any]:
    asked = {"content": "Hello", "scheduledFor": nine_in_chicago()} | given
    if "target" not in given:
        asked = {"targetType": "all"} | asked
    answer = await desk.api.post("/api/schedules", json=asked)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made
