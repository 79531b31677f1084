"""Signing out."""

from datetime import timedelta

import httpx

from koinonia.auth.running import Running
from koinonia.common import clock, db

from . import factories
from .conftest import Browser

LOGOUT = "/api/auth/logout"


async def test_logout_ends_the_session_and_its_access_tokens(
    api: httpx.AsyncClient, running: Running
) -> None:
    given = await factories.tokens(api)
    identity = await factories.identity(api, given["accessToken"])
    bearing = factories.bearing(given["accessToken"])
    assert (await api.post(LOGOUT, headers=bearing)).status_code == 204
    assert await running.revocations.is_revoked(identity.session_id)
    assert (await api.get("/api/auth/me", headers=bearing)).status_code == 401
    assert (await factories.renew(api, given["refreshToken"])).status_code == 401


async def test_a_browser_whose_access_token_expired_can_still_sign_out(
    browser: Browser,
) -> None:
    visitor = browser()
    await factories.register(visitor)
    token, refresh = (
        visitor.cookies["__Host-koinonia_access"],
        visitor.cookies["__Host-koinonia_refresh"],
    )
    with clock.shift(timedelta(minutes=16)):
        answer = await visitor.post(LOGOUT, headers=factories.bearing(token))
        assert answer.status_code == 204
        assert (await factories.renew(browser(), refresh)).status_code == 401


async def test_a_program_signs_out_with_its_refresh_token(api: httpx.AsyncClient) -> None:
    given = await factories.tokens(api)
    answer = await api.post(LOGOUT, json={"refreshToken": given["refreshToken"]})
    assert answer.status_code == 204
    assert (await factories.renew(api, given["refreshToken"])).status_code == 401


async def test_logout_takes_the_cookies_back(browser: Browser) -> None:
    visitor = browser()
    await factories.register(visitor)
    answer = await visitor.post(LOGOUT)
    cleared = answer.headers.get_list("set-cookie")
    assert [cookie.split("=")[0] for cookie in cleared] == [
        "__Host-koinonia_access",
        "__Host-koinonia_refresh",
    ]
    assert all("Max-Age=0" in cookie for cookie in cleared)
    assert {cookie.name for cookie in visitor.cookies.jar} == {
        "__Host-koinonia_device"
    }  # no session


async def test_to_be_signed_out_already_is_no_error(api: httpx.AsyncClient) -> None:
    assert (await api.post(LOGOUT)).status_code == 204
    assert (await api.post(LOGOUT, headers=factories.bearing("forged"))).status_code == 204


async def test_logout_is_in_the_trail_once(api: httpx.AsyncClient, database: db.Database) -> None:
    body = await factories.register(api, tokens=True)
    bearing = factories.bearing(body["tokens"]["accessToken"])
    for _ in range(2):
        await api.post(LOGOUT, headers=bearing)
    trail = await factories.trail(database, body["church"]["id"])
    assert trail == ["church.registered", "admin.logged_out"]
