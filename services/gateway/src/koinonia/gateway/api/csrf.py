"""``GET /api/csrf-token``."""

from fastapi import APIRouter, Request, Response

from koinonia.common.settings import CookieSettings
from koinonia.common.web import Schema
from koinonia.gateway import csrf, running, sessions
from koinonia.gateway.calls import Call

router = APIRouter(prefix="/api", tags=["gateway"])


class CsrfTokenOut(Schema):
    """A token for the header ``X-CSRF-Token``."""

    csrf_token: str


@router.get("/csrf-token", summary="A token for changes made with cookies")
async def read_csrf_token(request: Request, response: Response) -> CsrfTokenOut:
    """Good for this session, or, without one, for this browser and the session that it begins."""
    process = running.from_scope(request.scope)
    settings = process.settings
    call = Call.from_scope(request.scope, request.receive, settings.trusted_proxies, settings)
    session = await sessions.optional(call, process.verifier)
    anonymous = csrf.anonymous_id(call)
    if anonymous is None:
        anonymous = csrf.new_anonymous_id()
        _set_cookie(response, anonymous, settings)
    csrf_id = csrf.session_csrf_id(session.identity) if session else anonymous
    return CsrfTokenOut(csrf_token=process.csrf.issue(csrf_id))


def _set_cookie(response: Response, anonymous: str, settings: CookieSettings) -> None:
    response.set_cookie(
        settings.cookie_name(csrf.COOKIE),
        anonymous,
        path="/",
        secure=settings.is_https,
        httponly=True,
        samesite=settings.same_site("strict"),
    )
