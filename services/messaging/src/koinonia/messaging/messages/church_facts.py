"""What messages of a church ask for that are made in one transaction, read once for all of them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.errors import AppError
from koinonia.common.phone import Phones
from koinonia.messaging import verification
from koinonia.messaging.messages.weekly_budget import Priority, of_priority
from koinonia.messaging.numbers import senders
from koinonia.messaging.numbers.senders import Choice
from koinonia.messaging.people.targets import resolution
from koinonia.messaging.people.targets.aims import Aim
from koinonia.messaging.people.targets.target_schemas import Target
from koinonia.messaging.timing import texting_rules

Fact = TypeVar("Fact")
MEMORY = "32MB"  # of 100,000 people; it is 4 otherwise, and then they go through files


class ChurchFacts:
    """For one transaction; nobody else's changes are seen between two messages of it."""

    def __init__(self, session: AsyncSession, church_id: UUID) -> None:
        self._session = session
        self._church_id = church_id
        self._read: dict[object, Any] = {}  # Any: each key has a type of its own

    async def check_verified(self) -> None:
        """Raises ``AddressNotVerified``."""
        await self._once("verified", lambda: verification.check(self._session, self._church_id))

    async def chosen_number(self, asked: UUID | None, group_ids: tuple[UUID, ...]) -> Choice | None:
        """As ``senders.choose``."""
        return await self._once(
            ("number", asked, group_ids),
            lambda: senders.choose(self._session, self._church_id, asked, group_ids),
        )

    async def budget(self, priority: Priority) -> int | None:
        """As ``weekly_budget.budget``."""
        rules = await self._once(
            "rules", lambda: texting_rules.current(self._session, self._church_id)
        )
        return of_priority(rules.weekly_budget, priority)

    async def aim(self, target: Target, phones: Phones) -> Aim:
        """As ``resolution.resolve``."""
        return await self._once(
            ("aim", orjson.dumps(target.model_dump(mode="json"))),
            lambda: resolution.resolve(self._session, self._church_id, target, phones),
        )

    @asynccontextmanager
    async def planned(self, aim: Aim) -> AsyncIterator[None]:
        """What statements sort stays in memory until the transaction ends.

        During the block the people of a great earlier message are read at once, not phone by phone:
        until PostgreSQL has analysed the table, it takes any new message for a small one.
        """
        await self._once(
            "memory", lambda: db.run(self._session, f"SET LOCAL work_mem = '{MEMORY}'")
        )
        if not aim.is_great:
            yield
            return
        await db.run(self._session, "SET LOCAL enable_nestloop = off")
        try:
            yield
        except AppError:  # the transaction may go on with another message
            await db.run(self._session, "SET LOCAL enable_nestloop = on")
            raise
        await db.run(self._session, "SET LOCAL enable_nestloop = on")

    async def _once(self, key: object, read: Callable[[], Awaitable[Fact]]) -> Fact:
        if key not in self._read:
            self._read[key] = await read()
        fact: Fact = self._read[key]
        return fact
