"""A server that speaks as much S3 as the store asks, and believes nobody: signatures are computed
again (AWS Signature Version 4)."""

import hashlib
import hmac
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote

from aiohttp import web

ACCESS_KEY, SECRET_KEY, REGION = "AKIATEST", "not so secret", "eu-central-1"
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<scope>[^,]+), "
    r"SignedHeaders=(?P<signed>[^,]+), Signature=(?P<signature>[0-9a-f]{64})"
)


class Bucket:
    """What was put, by its path. ``is_away`` makes it answer 503."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, str]] = {}
        self.is_away = False

    async def answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        if self.is_away:
            return web.Response(status=503)
        if not _is_signed(request, body):
            return web.Response(
                status=403, text="<Error><Code>SignatureDoesNotMatch</Code></Error>"
            )
        match request.method:
            case "PUT":
                self.objects[request.path] = body, request.headers.get("Content-Type", "")
                return web.Response(headers={"ETag": '"1"'})
            case "POST" if "delete" in request.query:  # DeleteObjects, of one or more
                keys = re.findall("<Key>(.+?)</Key>", body.decode())
                for key in keys:
                    self.objects.pop(f"{request.path}/{key}", None)
                deleted = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
                return web.Response(text=f"<DeleteResult>{deleted}</DeleteResult>")
        return self._read(request)

    def _read(self, request: web.Request) -> web.StreamResponse:
        if request.path not in self.objects:
            return web.Response(status=404, text="<Error><Code>NoSuchKey</Code></Error>")
        content, kind = self.objects[request.path]
        headers = {"ETag": '"1"', "Last-Modified": "Sun, 22 Nov 2026 12:00:00 GMT"}
        if part := request.http_range if "Range" in request.headers else None:
            start, stop = part.start, min(part.stop, len(content))
            headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(content)}"
            headers["Content-Type"] = kind
            return web.Response(status=206, body=content[start:stop], headers=headers)
        return web.Response(body=content, headers=headers, content_type=kind)


@asynccontextmanager
async def serving(bucket: Bucket) -> AsyncIterator[str]:
    """Its address."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", bucket.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _is_signed(request: web.Request, body: bytes) -> bool:
    found = _AUTHORIZATION.fullmatch(request.headers.get("Authorization", ""))
    if found is None or found["key"] != ACCESS_KEY:
        return False
    hashed = request.headers["x-amz-content-sha256"]
    if hashed not in ("UNSIGNED-PAYLOAD", hashlib.sha256(body).hexdigest()):
        return False
    canonical = "\n".join(
        [
            request.method,
            quote(request.path),
            "&".join(f"{name}={value}" for name, value in sorted(request.query.items())),
            *(f"{name}:{request.headers[name].strip()}" for name in found["signed"].split(";")),
            "",
            found["signed"],
            hashed,
        ]
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = "\n".join(["AWS4-HMAC-SHA256", request.headers["x-amz-date"], found["scope"], digest])
    key = f"AWS4{SECRET_KEY}".encode()
    for step in found["scope"].split("/"):
        key = hmac.digest(key, step.encode(), "sha256")
    return hmac.compare_digest(
        hmac.new(key, to_sign.encode(), "sha256").hexdigest(), found["signature"]
    )
