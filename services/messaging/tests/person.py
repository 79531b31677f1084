"""One person who texts a church."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest_asyncio

from koinonia.common import clock, db
from koinonia.common.events.ingress import CarrierMessageReceived
from koinonia.common.events.messaging import MessageCreated
from koinonia.common.testing.eventually import eventually

from . import factories
from .stage import Stage

PHONE = "+12025550142"


class Person:
    """One phone that texts the church's number."""

    def __init__(self, stage: Stage, number: str) -> None:
        self.stage, self.number = stage, number
        self.at = clock.now()

    async def says(self, text: str, by_carrier: str | None = None, number: str = "") -> UUID:
        self.at += timedelta(seconds=1)
        event = self._text(text, self.at, by_carrier, number)
        await self.stage.hear(event)
        return event.id

    def _text(
        self, text: str, at: datetime, by_carrier: str | None = None, number: str = ""
    ) -> CarrierMessageReceived:
        return CarrierMessageReceived(
            carrier="telnyx",
            carrier_message_id=str(db.uuid7()),
            to=number or self.number,
            sealed_sender=factories.PHONES.seal(PHONE),
            text=text,
            received_at=at,
            opt_out_type=by_carrier,
        )

    async def answers(self) -> list[str]:
        """The confirmations of this church, in their order."""
        rows = await self.stage.query(
            "SELECT content FROM messages WHERE kind = 'confirmation' ORDER BY created_at"
        )
        return [row.content for row in rows]

    async def receives(self) -> list[str]:
        """Let everything be sent; what the phone then has."""
        for created in await self.stage.told(MessageCreated):
            await self.stage.approve(created.message_id)
        await self.stage.work()
        await eventually(lambda: self.stage.network.pending == 0)
        record: Any = self.stage.network.ledger.phones.get(PHONE)
        return [receipt.text for receipt in record.receipts] if record else []


@pytest_asyncio.fixture
async def person(stage: Stage) -> Person:
    [number] = await stage.query("SELECT phone_number FROM phone_numbers")
    await stage.member(PHONE)
    return Person(stage, number.phone_number)
