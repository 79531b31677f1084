"""Staff who preview and send, over HTTP, and the people of their church."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx

from koinonia.common import clock, db
from koinonia.common.events.billing import AllowanceUpdated
from koinonia.common.testing import probe, service
from koinonia.messaging.program import PROGRAM

from . import factories

# But for what the audit trail is told of every request.
EVENTS = "(SELECT FROM outbox WHERE name <> 'messaging.action_taken') AS events"


class Desk:
    """A church, its people, and somebody who previews."""

    def __init__(self, house: Any, church_id: UUID, api: httpx.AsyncClient) -> None:
        self.house, self.church_id, self.api = house, church_id, api

    async def member(self, **given: Any) -> factories.Member:
        async with self.house.database.transaction(self.church_id) as session:
            return await factories.member(session, self.church_id, **given)

    async def members(self, count: int) -> None:
        async with self.house.database.transaction(self.church_id) as session:
            await factories.members(session, self.church_id, count)

    async def opt_out(self, phone: str) -> None:
        async with self.house.database.transaction(self.church_id) as session:
            await factories.opt_out(session, self.church_id, phone)

    async def run(self, sql: str, **parameters: Any) -> None:
        async with self.house.database.transaction(self.church_id) as session:
            await db.run(session, sql, {"church": self.church_id} | parameters)

    async def allowed(self, parts: int, used: int = 0, price: str = "0.00790") -> None:
        told = AllowanceUpdated(
            church_id=self.church_id,
            allowance_parts=parts,
            used_parts=used,
            reserved_parts=0,
            status="trialing",
            period_ends_at=clock.now() + timedelta(days=20),
            part_price=Decimal(price),
        )
        await service.hear(PROGRAM, self.house, told)

    async def post(self, path: str, content: str, **given: Any) -> httpx.Response:
        asked = {"content": content} | ({} if "target" in given else {"targetType": "all"}) | given
        return await self.api.post(f"/api/messages/{path}", json=asked)

    async def rows(self) -> list[int]:
        """How many rows the tables have that sending would write."""
        async with self.house.database.transaction(self.church_id) as session:
            counted = [
                await probe.first(session, f"SELECT count(*) FROM {table}")
                for table in ("messages", "message_recipients", EVENTS, "open_messages")
            ]
        return [row[0] for row in counted if row]

    async def preview(self, content: str = "Hello", **given: Any) -> Any:
        answer = await self.post("preview", content, **given)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def codes(self, content: str, **given: Any) -> set[str]:
        return {each["code"] for each in (await self.preview(content, **given))["warnings"]}
