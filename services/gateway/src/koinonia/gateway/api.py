"""What the gateway answers itself under /api."""

from fastapi import APIRouter, Request, Response

from koinonia.common.web import Schema
from koinonia.gateway import csrf, door, sessions
from koinonia.gateway.calls import Call

router = APIRouter(prefix="/api", tags=["gateway"])


class CsrfTokenOut(Schema):
    """A token for the header ``X-CSRF-Token``."""

    csrf_token: str


@router.get("/csrf-token", summary="A token for changes made with cookies")
async def csrf_token(request: Request, response: Response) -> CsrfTokenOut:
    """Good for this session, or, without one, for this browser and the session that it begins."""
    parts, verifier = door.of(request.scope)
    call = Call.of(request.scope, request.receive, parts.settings.trusted_proxies)
    session = await sessions.known(call, verifier)
    anonymous = csrf.anonymous_id(call)
    if anonymous is None:
        anonymous = csrf.new_anonymous_id()
        _keep(response, anonymous, secure=parts.settings.is_https)
    csrf_id = csrf.id_of(session.identity) if session else anonymous
    return CsrfTokenOut(csrf_token=parts.csrf.issue(csrf_id))


def _keep(response: Response, anonymous: str, *, secure: bool) -> None:
    response.set_cookie(
        csrf.COOKIE, anonymous, path="/", secure=secure, httponly=True, samesite="strict"
    )
