"""The interface of all services: as a document and as a page."""

from fastapi import APIRouter, Request, Response

from koinonia.gateway import running
from koinonia.gateway.reference import page

router = APIRouter(prefix="/api", include_in_schema=False)


@router.get("/openapi.json")
async def openapi(request: Request) -> Response:
    rendered = await running.from_scope(request.scope).reference.rendered()
    return _answer(request, "application/json", rendered.json, rendered.json_gzip)


@router.get("/docs")
async def docs(request: Request) -> Response:
    rendered = await running.from_scope(request.scope).reference.rendered()
    answer = _answer(request, "text/html; charset=utf-8", rendered.html, rendered.html_gzip)
    answer.headers["Content-Security-Policy"] = page.POLICY
    return answer


def _answer(request: Request, media_type: str, plain: bytes, gzipped: bytes) -> Response:
    compress = "gzip" in request.headers.get("accept-encoding", "")
    headers = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding", "Content-Type": media_type}
    if compress:
        headers["Content-Encoding"] = "gzip"
    return Response(gzipped if compress else plain, headers=headers)
