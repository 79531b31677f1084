"""The two cookies of a browser's session.

The access cookie outlives its token, because a browser that sends an expired one can be told to
renew it; one that sends nothing cannot: its refresh cookie is seen by auth only.
"""

from starlette.responses import Response

from koinonia.auth import sessions

ACCESS, ACCESS_PATH = "koinonia_access", "/"
REFRESH, REFRESH_PATH = "koinonia_refresh", "/api/auth"


def hand_out(response: Response, access_token: str, refresh_token: str, *, secure: bool) -> None:
    response.set_cookie(
        ACCESS,
        access_token,
        max_age=int(sessions.LIFETIME.total_seconds()),  # the token in it ends long before
        path=ACCESS_PATH,
        secure=secure,
        httponly=True,
        samesite="lax",
    )
    response.set_cookie(
        REFRESH,
        refresh_token,
        max_age=int(sessions.LIFETIME.total_seconds()),
        path=REFRESH_PATH,
        secure=secure,
        httponly=True,
        samesite="strict",
    )


def take_back(response: Response, *, secure: bool) -> None:
    response.delete_cookie(ACCESS, ACCESS_PATH, secure=secure, httponly=True, samesite="lax")
    response.delete_cookie(REFRESH, REFRESH_PATH, secure=secure, httponly=True, samesite="strict")
