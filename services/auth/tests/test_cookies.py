"""What a browser is given, and what scripts in it cannot read."""

import httpx
import pytest

from koinonia.auth.program import PROGRAM
from koinonia.common import runtime
from koinonia.common.testing import service

from . import factories
from .conftest import Browser


async def test_a_browser_gets_its_cookies_out_of_reach_of_scripts(
    api: httpx.AsyncClient,
) -> None:
    answer = await api.post("/api/auth/register", json=factories.registration())
    access, refresh, device = map(_attributes, answer.headers.get_list("set-cookie"))
    always = {"httponly", "secure"}
    assert access == always | {
        *("__Host-koinonia_access", "max-age=2592000", "path=/", "samesite=lax"),
    }
    assert refresh == always | {
        *("__Host-koinonia_refresh", "max-age=2592000", "path=/", "samesite=strict"),
    }
    assert device == always | {
        *("__Host-koinonia_device", "max-age=15552000", "path=/", "samesite=strict"),
    }
    assert answer.headers["cache-control"] == "no-store"


async def test_what_a_subdomain_planted_is_no_cookie_of_ours(browser: Browser) -> None:
    """It could set one of the plain name for all of our site, and sign its visitor in elsewhere."""
    visitor = browser()
    await factories.register(visitor)
    planted = visitor.cookies["__Host-koinonia_refresh"]
    other = browser(Cookie=f"koinonia_refresh={planted}")
    assert (await other.post("/api/auth/refresh")).status_code == 401


async def test_without_https_a_browser_knows_them_by_plain_names(
    browser: Browser, running: runtime.Running
) -> None:
    running.settings = running.settings.model_copy(update={"public_url": "http://127.0.0.1:8080"})
    answer = await browser().post("/api/auth/register", json=factories.registration())
    given = {(each.split("=")[0], _path(each)) for each in _set(answer)}
    assert given == {
        ("koinonia_access", "/"),
        ("koinonia_refresh", "/api/auth"),
        ("koinonia_device", "/api/auth"),
    }


async def test_cookies_are_secure_only_where_the_address_is(
    settings_env: dict[str, str], browser: Browser, running: runtime.Running
) -> None:
    running.settings = running.settings.model_copy(update={"public_url": "http://127.0.0.1:8080"})
    answer = await browser().post("/api/auth/register", json=factories.registration())
    assert all("secure" not in _attributes(each) for each in _set(answer))


async def test_for_a_frontend_on_another_site_no_cookie_is_bound_to_ours(
    browser: Browser, running: runtime.Running
) -> None:
    running.settings = running.settings.model_copy(update={"cross_site_cookies": True})
    visitor = browser()
    registered = await visitor.post("/api/auth/register", json=factories.registration())
    left = await visitor.post("/api/auth/logout")
    cookies = [_attributes(each) for each in (*_set(registered), *_set(left))]
    assert len(cookies) == 5
    assert all({"samesite=none", "secure", "httponly"} <= each for each in cookies)


async def test_a_browser_renews_by_cookie_and_reads_no_token(browser: Browser) -> None:
    visitor = browser()
    registered = await factories.register(visitor)
    before = visitor.cookies["__Host-koinonia_refresh"]
    answer = await visitor.post("/api/auth/refresh")
    assert (answer.status_code, answer.json()) == (200, registered)
    assert visitor.cookies["__Host-koinonia_refresh"] != before
    assert (await visitor.post("/api/auth/refresh", json={})).json() == registered


async def test_a_program_that_asks_for_tokens_gets_no_cookie(api: httpx.AsyncClient) -> None:
    await factories.register(api)
    api.cookies.clear()
    answer = await factories.login(api, tokens=True)
    assert set(answer.json()["tokens"]) == {"accessToken", "refreshToken", "expiresIn"}
    assert answer.json()["tokens"]["expiresIn"] == 900
    renewed = await factories.renew(api, answer.json()["tokens"]["refreshToken"])
    assert (_set(answer), _set(renewed)) == ([], [])


async def test_every_token_of_a_session_carries_the_csrf_id_it_began_with(
    browser: Browser,
) -> None:
    api = browser(**{"X-Koinonia-Csrf-Id": "anonymous-1"})
    given = await factories.tokens(api)
    api.headers["X-Koinonia-Csrf-Id"] = "anonymous-2"
    renewed = (await factories.renew(api, given["refreshToken"])).json()["tokens"]
    identities = [await factories.identity(api, each["accessToken"]) for each in (given, renewed)]
    assert [identity.csrf for identity in identities] == ["anonymous-1", "anonymous-1"]


async def test_without_a_csrf_id_the_session_is_its_own(api: httpx.AsyncClient) -> None:
    identity = await factories.identity(api, (await factories.tokens(api))["accessToken"])
    assert identity.csrf == str(identity.session_id)


@pytest.mark.parametrize("route", ["register", "login", "refresh", "logout"])
def test_the_interface_names_no_header_or_cookie_of_ours(route: str) -> None:
    operation = service.document(PROGRAM)["paths"][f"/api/auth/{route}"]["post"]
    assert operation.get("parameters", []) == []


def _attributes(cookie: str) -> set[str]:
    name, *others = cookie.split("; ")
    return {name.split("=")[0], *(other.lower() for other in others if "expires" not in other)}


def _path(cookie: str) -> str:
    return cookie.partition("Path=")[2].partition(";")[0]


def _set(answer: httpx.Response) -> list[str]:
    return answer.headers.get_list("set-cookie")
