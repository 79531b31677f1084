"""What messaging knows of one phone, asked with the access token of whoever asks us.

Messaging decides who is shown what, as at its own routes. Ask before a transaction begins: the
answer may take :data:`SECONDS`.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Self
from uuid import UUID

import httpx
from pydantic import JsonValue

from koinonia.common import errors, telemetry
from koinonia.common.pagination import Cursor

SECONDS = 3.0
MISSING = 404


class MessagingAway(errors.Unavailable):
    code = "MESSAGING_AWAY"
    message = "What is known of this phone cannot be looked up right now. Try again in a moment."


class MessagingClient:
    """One pool of connections to messaging."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    @classmethod
    @asynccontextmanager
    async def opened(cls, url: str) -> AsyncIterator[Self]:
        async with httpx.AsyncClient(base_url=url, timeout=SECONDS, trust_env=False) as http:
            yield cls(http)

    async def consent(
        self, token: str, *, phone: str | None = None, member_id: UUID | None = None
    ) -> JsonValue:
        """``GET /api/consents`` of a phone or of a member; None where there is no such member.
        Raises ``MessagingAway``."""
        given = {"phone": phone} if member_id is None else {"memberId": str(member_id)}
        return await self._answer("/api/consents", token, given)

    async def received(
        self, token: str, phone: str, *, before: tuple[datetime, UUID] | None, limit: int
    ) -> JsonValue:
        """``GET /api/messages/received``: the broadcasts of a phone, latest first, made before a
        place by time and id. Raises ``MessagingAway``."""
        given = {"phone": phone, "limit": str(limit)}
        cursor = {"cursor": str(Cursor(before))} if before else {}
        return await self._answer("/api/messages/received", token, given | cursor)

    async def _answer(self, path: str, token: str, given: Mapping[str, str | None]) -> JsonValue:
        headers: dict[str, str] = {"Authorization": f"Bearer {token}"}
        telemetry.inject(headers)
        try:
            answer = await self._http.get(path, params=given, headers=headers)
        except httpx.HTTPError as failure:
            raise MessagingAway(headers={"Retry-After": "1"}) from failure
        if answer.status_code == MISSING:
            return None
        if not answer.is_success:
            raise MessagingAway(headers={"Retry-After": "1"})
        found: JsonValue = answer.json()
        return found
