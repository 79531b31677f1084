"""Where one is signed in: seen, and ended one by one or all others at once."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from koinonia.auth import sessions
from koinonia.auth.places import devices
from koinonia.auth.running import Running
from koinonia.common import clock, db

from . import factories
from .factories import as_

SESSIONS = "/api/auth/sessions"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0"
)


async def signed_in(
    api: httpx.AsyncClient, agent: str = FIREFOX, address: str = "198.51.100.7"
) -> Any:
    headers = {"User-Agent": agent, "X-Forwarded-For": address}
    body = {"email": factories.EMAIL, "password": factories.PASSWORD, "tokens": True}
    answer = await api.post("/api/auth/login", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def listed(api: httpx.AsyncClient, who: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await api.get(SESSIONS, headers=as_(who))
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


async def test_a_person_sees_where_they_are_signed_in_the_one_used_last_first(
    api: httpx.AsyncClient,
) -> None:
    await factories.church(api)
    phone = await signed_in(api, IPHONE, "2001:db8:1:2::9")
    desk = await signed_in(api)
    shown = [
        (each["device"], each["network"], each["isCurrent"]) for each in await listed(api, phone)
    ]
    assert shown[:2] == [
        ({"name": "Firefox", "system": "Windows"}, "198.51.100.0/24", False),
        ({"name": "Safari", "system": "iPhone"}, "2001:db8:1::/48", True),
    ]
    assert [each["isCurrent"] for each in await listed(api, desk)] == [True, False, False]


async def test_a_session_that_is_renewed_elsewhere_shows_where(api: httpx.AsyncClient) -> None:
    who = await factories.church(api)
    headers = {"User-Agent": EDGE, "X-Forwarded-For": "203.0.113.200"}
    body = {"refreshToken": who["tokens"]["refreshToken"]}
    renewed = await api.post("/api/auth/refresh", json=body, headers=headers)
    [only] = await listed(api, renewed.json())
    assert (only["device"], only["network"]) == (
        {"name": "Edge", "system": "Windows"},
        "203.0.113.0/24",
    )


async def test_one_that_is_ended_is_out_at_once_and_the_others_go_on(
    api: httpx.AsyncClient, running: Running, database: db.Database
) -> None:
    here = await factories.church(api)
    there = await signed_in(api)
    [elsewhere] = [each for each in await listed(api, here) if not each["isCurrent"]]
    answer = await api.delete(f"{SESSIONS}/{elsewhere['id']}", headers=as_(here))
    assert answer.status_code == 204
    me = [await api.get("/api/auth/me", headers=as_(each)) for each in (here, there)]
    assert [each.status_code for each in me] == [200, 401]
    renewed = await factories.renew(api, there["tokens"]["refreshToken"])
    assert renewed.json()["error"]["code"] == "SESSION_ENDED"
    session_id = UUID(str(elsewhere["id"]))
    assert await running.revocations.is_revoked(session_id)
    assert ("session.ended", elsewhere["id"]) in [
        (name, body.get("sessionId")) for name, body in await factories.published(database)
    ]
    again = await api.delete(f"{SESSIONS}/{elsewhere['id']}", headers=as_(here))
    assert (again.status_code, again.json()["error"]["code"]) == (404, "SESSION_NOT_FOUND")


async def test_all_others_end_at_once(
    api: httpx.AsyncClient, running: Running, database: db.Database
) -> None:
    here = await factories.church(api)
    others = [await signed_in(api) for _ in range(2)]
    assert (await api.delete(SESSIONS, headers=as_(here))).status_code == 204
    assert [each["isCurrent"] for each in await listed(api, here)] == [True]
    for each in others:
        assert (await api.get("/api/auth/me", headers=as_(each))).status_code == 401
    trail = await factories.trail(database, here["church"]["id"])
    assert trail.count("session.ended") == 2


async def test_nobody_ends_or_sees_the_session_of_a_colleague(api: httpx.AsyncClient) -> None:
    ruth = await factories.church(api)
    naomi = await factories.join(api, ruth, "admin")
    [hers] = await listed(api, naomi)
    refused = await api.delete(f"{SESSIONS}/{hers['id']}", headers=as_(ruth))
    assert refused.status_code == 404
    await api.delete(SESSIONS, headers=as_(ruth))
    assert (await api.get("/api/auth/me", headers=as_(naomi))).status_code == 200


async def test_whatever_ends_sessions_says_so_to_the_gateways(
    api: httpx.AsyncClient, database: db.Database
) -> None:
    """Redis may forget a mark; what was published stays."""
    here = await factories.church(api)
    await signed_in(api)
    body = {"password": factories.PASSWORD, "newPassword": "another seed, and more patience"}
    assert (await api.post("/api/auth/password", json=body, headers=as_(here))).status_code == 204
    assert [name for name, _ in await factories.published(database)].count("session.ended") == 1


async def test_a_session_ends_after_90_days_however_often_it_is_renewed(
    api: httpx.AsyncClient,
) -> None:
    who, begun = await factories.church(api), clock.now()
    for days in (25, 50, 75, 89):
        with clock.freeze(begun + timedelta(days=days)):
            renewed = await factories.renew(api, who["tokens"]["refreshToken"])
            assert renewed.status_code == 200, renewed.text
            who = renewed.json()
            [only] = await listed(api, who)
    last = moment(only["expiresAt"])
    assert abs(last - (begun + sessions.LONGEST)) < timedelta(minutes=1)
    with clock.freeze(begun + timedelta(days=90, minutes=1)):
        over = await factories.renew(api, who["tokens"]["refreshToken"])
    assert (over.status_code, over.json()["error"]["code"]) == (401, "SESSION_ENDED")


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (EDGE, ("Edge", "Windows")),
        (IPHONE, ("Safari", "iPhone")),
        ("curl/8.5.0", ("curl", None)),
        ("Mozilla/5.0", (None, None)),
        (None, (None, None)),
        ("\x00 odd", (None, None)),
    ],
)
def test_a_device_has_a_name_that_people_know(
    agent: str | None, device: tuple[str | None, str | None]
) -> None:
    assert devices.named(agent) == device


def moment(text: object) -> datetime:
    return datetime.fromisoformat(str(text))
