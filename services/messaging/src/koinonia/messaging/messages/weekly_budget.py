"""How many texts a person can bear in a week, and how much a message matters beside the others."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.messaging.timing import texting_rules


class Priority(StrEnum):
    """``high`` passes the weekly budget, ``normal`` keeps it, ``low`` leaves its last text free."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


async def budget(session: AsyncSession, church_id: UUID, priority: Priority) -> int | None:
    """From how many broadcasts in seven days on a phone is left out; None: never."""
    if priority is Priority.HIGH:
        return None
    weekly = (await texting_rules.current(session, church_id)).weekly_budget
    if weekly is None:
        return None
    return weekly - 1 if priority is Priority.LOW else weekly
