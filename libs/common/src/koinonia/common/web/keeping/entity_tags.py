"""``ETag`` and 304: a client that has an answer already is not sent it again (RFC 9110, 8.8.3 and
13.1.2).

A route takes part by ``dependencies=TAGGED``. Its answer then has a tag of the bytes of its body,
and ``Cache-Control: private, no-cache``: a browser may keep it and asks each time whether it still
holds. A route that knows what its answer is made of says so before it makes it::

    tags.compare(kept)  # ends the request with 304 if the client has what is made of these bytes

The tag is weak (``W/``), because what lies outside compresses the same answer for one client and
not for another. It names church, admin, role and address as well, so no answer of one is ever taken
for that of another, and it is compared after the checks of the route.
"""

import hashlib
import re
from collections.abc import Sequence
from functools import cache
from typing import Annotated

import orjson
from fastapi import Depends, Header, Request
from fastapi.routing import APIRoute
from pydantic import TypeAdapter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from koinonia.common.web.answers import conditional
from koinonia.common.web.dependencies import CurrentAdmin

STATE = "koinonia_entity_tags"
SHARED = "koinonia_shared_answer"
"""Set where an answer is the same for all of one role in a church: then its tag is too, and the
edge, which gives it to each of them, makes a tag for each of it."""
KEPT = "private, no-cache"
VARY = "Authorization, Cookie"
_TAG = re.compile(r'(?:W/)?("[^"]*")')


class NotModified(Exception):
    """The client has the answer of this tag."""


class Tags:
    """The tag of the answer to one request, as soon as it is known."""

    def __init__(self, asked: str, caller: str) -> None:
        self._asked = asked
        self._caller = caller
        self.tag: str | None = None

    def compare(self, *parts: bytes) -> None:
        """Tag the answer by what it is made of. Raises ``NotModified``, for the middleware, where
        the client has it."""
        self.tag = weak(self._caller.encode(), *parts)
        if matches(self._asked, self.tag):
            raise NotModified


@conditional
async def _tagged(
    request: Request,
    admin: CurrentAdmin,
    known: Annotated[
        str | None,
        Header(
            alias="If-None-Match",
            description="Tags (ETag) of the answers that you have: 304 if this is one of them.",
        ),
    ] = None,
) -> Tags:
    asked = ",".join(request.headers.getlist("if-none-match"))
    route: APIRoute = request.scope["route"]
    who = "" if getattr(request.state, SHARED, False) else admin.admin_id
    caller = f"{admin.church_id} {who} {admin.role}"
    place = f"{request.url.path}?{request.url.query} {_form(route.response_model)}"
    tags = Tags(asked if known is not None else "", f"{caller} {place}")
    setattr(request.state, STATE, tags)
    return tags


@cache
def _form(model: type[object]) -> str:
    """The form of a route's answers: a release that changes it makes other answers of the same."""
    return weak(orjson.dumps(TypeAdapter(model).json_schema()))


TagsDep = Annotated[Tags, Depends(_tagged)]
"""For a route that knows its tag before it makes its answer."""

TAGGED = [Depends(_tagged)]
"""For a route whose answer is tagged by its bytes."""


class EntityTags:
    """Tags the answers of routes that take part; the innermost middleware, so that HEAD and what is
    compressed have the tag of the same bytes."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        answer = _Answer(scope, send)
        try:
            await self.app(scope, receive, answer.take)
        except NotModified:
            await answer.not_modified()


class _Answer:
    """An answer on its way out: held until its tag is known, if its route takes part."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope, self._send = scope, send
        self._start: Message | None = None
        self._body: list[bytes] = []

    @property
    def _tags(self) -> Tags | None:
        found: Tags | None = self._scope.get("state", {}).get(STATE)
        return found

    async def take(self, message: Message) -> None:
        tags = self._tags
        if tags is None or not self._takes_part(message):
            await self._send(message)
        elif message["type"] == "http.response.start":
            self._start = message
        else:
            self._body.append(message.get("body", b""))
            if not message.get("more_body"):
                await self._finish(tags)

    def _takes_part(self, message: Message) -> bool:
        """Only what was found; an error is as it is."""
        return self._start is not None or message.get("status") == 200

    async def _finish(self, tags: Tags) -> None:
        assert self._start is not None
        body = b"".join(self._body)
        if tags.tag is None:
            try:
                tags.compare(body)
            except NotModified:  # the route has ended well: it need not hear of it
                await self.not_modified()
                return
        headers = [*self._start["headers"], *_headers(tags)]
        await self._send({**self._start, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})

    async def not_modified(self) -> None:
        tags = self._tags
        assert tags is not None
        start = {"type": "http.response.start", "status": 304, "headers": _headers(tags)}
        await self._send(start)
        await self._send({"type": "http.response.body", "body": b""})


def _headers(tags: Tags) -> list[tuple[bytes, bytes]]:
    return [
        (b"etag", (tags.tag or "").encode()),
        (b"cache-control", KEPT.encode()),
        (b"vary", VARY.encode()),
    ]


def weak(*parts: bytes) -> str:
    """The tag of these bytes."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return f'W/"{digest.hexdigest()}"'


def matches(asked: str, tag: str) -> bool:
    """Whether ``If-None-Match`` names ``tag``, by the weak comparison; ``*`` is any."""
    return asked.strip() == "*" or _opaque(tag)[0] in _opaque(asked)


def _opaque(tags: str) -> Sequence[str]:
    return _TAG.findall(tags)
