"""What the gateway answers itself under /api."""

from fastapi import APIRouter, Request, Response

from koinonia.common.web import Schema
from koinonia.gateway import csrf, door, sessions
from koinonia.gateway.calls import Call
from koinonia.gateway.reference import page
from koinonia.gateway.reference.interface import Rendered

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


@router.get("/openapi.json", include_in_schema=False)
async def openapi(request: Request) -> Response:
    rendered = await _rendered(request)
    return _page(request, "application/json", rendered.json, rendered.json_gzip)


@router.get("/docs", include_in_schema=False)
async def docs(request: Request) -> Response:
    rendered = await _rendered(request)
    answer = _page(request, "text/html; charset=utf-8", rendered.html, rendered.html_gzip)
    answer.headers["Content-Security-Policy"] = page.POLICY
    return answer


async def _rendered(request: Request) -> Rendered:
    parts, _ = door.of(request.scope)
    return await parts.interface.rendered(request.app.openapi())


def _page(request: Request, media_type: str, plain: bytes, gzipped: bytes) -> Response:
    compress = "gzip" in request.headers.get("accept-encoding", "")
    headers = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding", "Content-Type": media_type}
    if compress:
        headers["Content-Encoding"] = "gzip"
    return Response(gzipped if compress else plain, headers=headers)


def _keep(response: Response, anonymous: str, *, secure: bool) -> None:
    response.set_cookie(
        csrf.COOKIE, anonymous, path="/", secure=secure, httponly=True, samesite="strict"
    )
