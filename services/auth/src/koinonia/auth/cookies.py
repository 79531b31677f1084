"""The two cookies of a browser's session, and one by which its device is known again.

The access cookie outlives its token: a browser that sends an expired token can be told to renew
it. One that sends nothing cannot, because only auth is sent its refresh cookie.
"""

from collections.abc import Mapping

from starlette.responses import Response

from koinonia.auth import attempts, sessions
from koinonia.common.settings import CookieSettings, SameSite

ACCESS, ACCESS_PATH = "koinonia_access", "/"
REFRESH, REFRESH_PATH = "koinonia_refresh", "/api/auth"
DEVICE = "koinonia_device"


def set_device(response: Response, token: str, settings: CookieSettings) -> None:
    """It outlives the session: whoever signs out is known all the same."""
    response.set_cookie(
        settings.cookie_name(DEVICE),
        token,
        max_age=int(attempts.DEVICE_LIFETIME.total_seconds()),
        path=settings.cookie_path(REFRESH_PATH),
        secure=settings.is_https,
        httponly=True,
        samesite=settings.same_site("strict"),
    )


def set_session(
    response: Response, access_token: str, refresh_token: str, settings: CookieSettings
) -> None:
    response.set_cookie(
        settings.cookie_name(ACCESS),
        access_token,
        max_age=int(sessions.LIFETIME.total_seconds()),  # the token in it ends long before
        path=ACCESS_PATH,
        secure=settings.is_https,
        httponly=True,
        samesite=settings.same_site("lax"),
    )
    response.set_cookie(
        settings.cookie_name(REFRESH),
        refresh_token,
        max_age=int(sessions.LIFETIME.total_seconds()),
        path=settings.cookie_path(REFRESH_PATH),
        secure=settings.is_https,
        httponly=True,
        samesite=settings.same_site("strict"),
    )


def sent(cookies: Mapping[str, str], name: str, settings: CookieSettings) -> str | None:
    """The value of the cookie, if there is one."""
    return cookies.get(settings.cookie_name(name)) or None


def delete(response: Response, settings: CookieSettings) -> None:
    paths: tuple[tuple[str, str, SameSite], ...] = (
        (ACCESS, ACCESS_PATH, "lax"),
        (REFRESH, REFRESH_PATH, "strict"),
    )
    for name, path, within in paths:
        response.delete_cookie(
            settings.cookie_name(name),
            settings.cookie_path(path),
            secure=settings.is_https,
            httponly=True,
            samesite=settings.same_site(within),
        )
