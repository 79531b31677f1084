"""Somebody who has the event stream open, and the events they are told of."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx

from koinonia.common import clock, db
from koinonia.common.events.conversation import ConversationUpdated
from koinonia.common.identity import Identity, Role
from koinonia.common.testing.eventually import eventually

from .factories import SIGNER

CHURCH = UUID("01900000-0000-7000-8000-000000000001")
OTHER = UUID("01900000-0000-7000-8000-000000000002")


@dataclass(frozen=True)
class News:
    event: str
    data: Any
    id: str


@dataclass
class Page:
    """A page in a browser, which keeps what it heard and the last id as EventSource does."""

    heard: list[News] = field(default_factory=list)
    last_id: str = ""
    is_over: bool = False
    beats: int = 0

    def names(self) -> list[str]:
        return [news.event for news in self.heard]

    def previews(self) -> list[str]:
        return [n.data["preview"] for n in self.heard if n.event == "conversation.updated"]

    async def told(self, event: str) -> News:
        """The first event of this name, as soon as it is there."""

        def found() -> News | None:
            return next((news for news in self.heard if news.event == event), None)

        news = await eventually(found)
        assert news is not None
        return news

    async def read(self, response: httpx.Response) -> None:
        event, data = "", ""
        async for line in response.aiter_lines():
            name, _, value = line.partition(": ")
            match name:
                case "id":
                    self.last_id = value
                case "event":
                    event = value
                case "data":
                    data = value
                case "" if data:
                    self.heard.append(News(event, json.loads(data), self.last_id))
                    event, data = "", ""
                case "" if line:
                    self.beats += 1
        self.is_over = True


@contextlib.asynccontextmanager
async def listening(
    client: httpx.AsyncClient, who: Identity | None = None, last_id: str = "", query: str = ""
) -> AsyncIterator[Page]:
    """Open the stream as ``who``, where ``last_id`` was the last event seen."""
    headers = {"Authorization": f"Bearer {SIGNER.sign(who or admin())}"}
    if last_id:
        headers["Last-Event-ID"] = last_id
    page, params = Page(), {"lastEventId": query} if query else {}
    async with client.stream("GET", "/api/events", headers=headers, params=params) as response:
        assert response.status_code == 200, await response.aread()
        reading = asyncio.create_task(page.read(response))
        try:
            yield page
        finally:
            reading.cancel()
            await asyncio.wait([reading])


def admin(church: UUID = CHURCH, role: Role = Role.VIEWER, **given: Any) -> Identity:
    """Somebody who may sign in."""
    expires_at = clock.now() + given.pop("expires_in") if "expires_in" in given else None
    times = {"expires_at": expires_at} if expires_at else {}
    return Identity(db.uuid7(), church, role, given.get("session_id") or db.uuid7(), **times)


def text(preview: str, church: UUID = CHURCH) -> ConversationUpdated:
    """A text came in."""
    return ConversationUpdated(
        church_id=church, conversation_id=db.uuid7(), status="open", preview=preview
    )
