"""Messaging as the shared inbox asks it: its answers about phones, as a test says them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import httpx

from koinonia.common.runtime import Running
from koinonia.conversation.messaging_client import MessagingClient
from koinonia.conversation.running import Running as OwnRunning


@dataclass
class Messaging:
    """``states`` are those of phones, ``members`` their phones by id; others are not known."""

    states: dict[str, str] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)
    unreachable: dict[str, str] = field(default_factory=dict)
    history: list[dict[str, Any]] = field(default_factory=list)
    is_away: bool = False
    tokens: list[str] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        if self.is_away:
            raise httpx.ConnectError("away")
        self.tokens.append(request.headers["authorization"])
        given = request.url.params
        phone = given.get("phone") or self.members.get(given.get("memberId", ""))
        if phone is None:
            error = {"message": "No such member.", "code": "MEMBER_NOT_FOUND", "details": None}
            return httpx.Response(404, json={"error": {**error, "requestId": "1"}})
        return httpx.Response(200, json=self._consent(phone))

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
