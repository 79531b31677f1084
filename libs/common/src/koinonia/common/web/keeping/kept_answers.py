"""Answers that the edge may keep and give itself, and how a service says so.

A route takes part by one declaration in the place of ``TAGGED``, which it includes::

    @router.get("", dependencies=kept(tables=("messages",)))
    @router.get("", dependencies=kept("marks:{church}:{admin}", whose=KeptFor.ADMIN))

It names the tags of ``common.cache`` that are invalidated by whatever changes the answer, or the
tables that the answer is read from, functions, views and what cascades to them included: those the
transactions that write them invalidate by themselves, once they stand in the ``kept_tables`` of the
service's program too. The answer may depend on the church and the role of who asks, on the admin
only with ``KeptFor.ADMIN``, and on path and query; on the time of day no more than by ``seconds``.

The service says it in a header, which the edge takes away: how long, for whom, and where Redis
keeps the tokens of the tags. The tokens are not said. The edge asked Redis for them before it
passed the request on, and so before the service began to look (``docs/decisions/0039``).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from fastapi import Depends, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from koinonia.common.cache import Cache, rows_tag
from koinonia.common.web.keeping.entity_tags import SHARED, TAGGED

KEPT = b"x-koinonia-kept"
UNSAID = b"x-koinonia-unsaid"
STATE = "koinonia_kept"
SECONDS = 60
GIVEN = (200, 304)
MOST_UNSAID = 64  # what one request did is among the latest; a header has its limit


class KeptFor(StrEnum):
    """Whose answer it is."""

    CHURCH = "church"  # of all of one role in a church
    ADMIN = "admin"  # of one admin


@dataclass(frozen=True, slots=True)
class Keeping:
    """How an answer may be kept: ``token_keys`` are keys of Redis with ``{church}`` and
    ``{admin}`` in the place of ids, so that what is learned from one church's answer holds for
    all."""

    seconds: int
    whose: KeptFor
    token_keys: tuple[str, ...]

    def format(self) -> bytes:
        return " ".join((str(self.seconds), self.whose, *self.token_keys)).encode()


@lru_cache(maxsize=1024)
def parsed(header: str) -> Keeping:
    """What :meth:`Keeping.format` wrote."""
    seconds, whose, *token_keys = header.split()
    return Keeping(int(seconds), KeptFor(whose), tuple(token_keys))


def kept(
    *tags: str,
    tables: Sequence[str] = (),
    whose: KeptFor = KeptFor.CHURCH,
    seconds: int = SECONDS,
) -> list[Any]:  # Any: as FastAPI declares what Depends answers
    """The dependencies of a route whose answers are tagged, and may be kept for ``seconds``."""

    declared = (seconds, whose, (*tags, *(rows_tag("{church}", table) for table in tables)))

    async def keeping(request: Request) -> None:
        setattr(request.state, STATE, declared)
        if whose is KeptFor.CHURCH:
            setattr(request.state, SHARED, True)

    return [Depends(keeping), *TAGGED]


class KeptAnswers:
    """Says of answers how they may be kept; and of which tags Redis does not know, on every answer,
    that they have changed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def said(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_headers(scope, message["status"])]
            await send(message)

        await self.app(scope, receive, said if scope["type"] == "http" else send)


def _headers(scope: Scope, status: int) -> list[tuple[bytes, bytes]]:
    running = getattr(scope["app"].state, "running", None)
    cache: Cache | None = getattr(running, "cache", None)  # a part of an application has none
    if cache is None:
        return []
    headers = []
    declared = scope.get("state", {}).get(STATE)
    if declared is not None and status in GIVEN:
        headers.append((KEPT, _keeping(cache.token_key, *declared)))
    if unsaid := cache.unsaid:
        headers.append((UNSAID, " ".join(unsaid[-MOST_UNSAID:]).encode()))
    return headers


@lru_cache(maxsize=1024)
def _keeping(
    token_key: Callable[[str], str], seconds: int, whose: KeptFor, tags: tuple[str, ...]
) -> bytes:
    return Keeping(seconds, whose, tuple(map(token_key, tags))).format()
