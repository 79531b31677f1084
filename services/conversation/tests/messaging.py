"""Messaging as the shared inbox asks it: its answers about phones, as a test says them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import httpx

from koinonia.common import db
from koinonia.common.pagination import Cursor
from koinonia.common.runtime import Running
from koinonia.conversation.messaging_client import MessagingClient
from koinonia.conversation.running import Running as OwnRunning


@dataclass
class Messaging:
    """``states`` are those of phones, ``members`` their phones by id; others are not known."""

    states: dict[str, str] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)
    unreachable: dict[str, str] = field(default_factory=dict)
    broadcasts: list[dict[str, Any]] = field(default_factory=list)
    history: list[dict[str, Any]] = field(default_factory=list)
    is_away: bool = False
    tokens: list[str] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        if self.is_away:
            raise httpx.ConnectError("away")
        self.tokens.append(request.headers["authorization"])
        given = request.url.params
        if request.url.path == "/api/messages/received":
            return self._received(given)
        phone = given.get("phone") or self.members.get(given.get("memberId", ""))
        if phone is None:
            error = {"message": "No such member.", "code": "MEMBER_NOT_FOUND", "details": None}
            return httpx.Response(404, json={"error": {**error, "requestId": "1"}})
        return httpx.Response(200, json=self._consent(phone))

    def _received(self, given: httpx.QueryParams) -> httpx.Response:
        place = Cursor.parse(given["cursor"]).values if "cursor" in given else None
        limit = int(given["limit"])
        found = [each for each in self.broadcasts if place is None or _place(each) < place]
        found.sort(key=_place, reverse=True)
        page = {"data": found[:limit], "hasMore": len(found) > limit, "nextCursor": None}
        return httpx.Response(200, json=page)

    def _consent(self, phone: str) -> dict[str, Any]:
        return {
            "phone": phone,
            "state": self.states.get(phone, "none"),
            "isOwn": False,
            "isBlocked": False,
            "since": None,
            "unreachable": self.unreachable.get(phone),
            "stopQuestion": None,
            "stoppedGroups": [],
            "history": self.history,
        }


def broadcast(at: datetime, content: str = "Picnic", **given: Any) -> dict[str, Any]:
    """One that arrived."""
    return {
        "messageId": str(db.uuid7()),
        "content": content,
        "mediaUrls": [],
        "fromNumber": "+12015550100",
        "status": "delivered",
        "failure": None,
        "parts": 1,
        "createdAt": at.isoformat(),
        "sentAt": at.isoformat(),
        "settledAt": at.isoformat(),
        "createdBy": None,
        "scheduleId": None,
        "isTest": False,
    } | given


def consent(at: datetime, kind: str = "granted", **given: Any) -> dict[str, Any]:
    """An entry of the ledger."""
    return {
        "id": str(db.uuid7()),
        "kind": kind,
        "method": "staff",
        "groupId": None,
        "groupName": None,
        "words": None,
        "note": None,
        "sourceId": None,
        "answerId": None,
        "actorId": None,
        "address": None,
        "occurredAt": at.isoformat(),
        "recordedAt": at.isoformat(),
    } | given


def _place(item: dict[str, Any]) -> tuple[datetime, UUID]:
    return datetime.fromisoformat(item["createdAt"]), UUID(item["messageId"])


@contextmanager
def answering(running: Running) -> Iterator[Messaging]:
    """In the place of the real one, until the test is over."""
    messaging, own = Messaging(), cast(OwnRunning, running)
    real = own.messaging
    transport = httpx.MockTransport(messaging.answer)
    own.messaging = MessagingClient(
        httpx.AsyncClient(transport=transport, base_url="http://messaging")
    )
    yield messaging
    own.messaging = real
