"""The audience of a draft, as its church's rules have it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.messaging.messages import weekly_budget
from koinonia.messaging.messages.drafts import Draft
from koinonia.messaging.people import audience
from koinonia.messaging.people.audience import Audience

DUPLICATE = "duplicate"

MEMORY = "32MB"  # of 100,000 people; it is 4 otherwise, and then they go through files


async def of(
    session: AsyncSession, church_id: UUID, draft: Draft, *, is_sealed: bool = True
) -> Audience:
    """Raises ``NotFound`` when a part of the target does not exist. What its statement sorts stays
    in memory until the end of the transaction."""
    await db.run(session, f"SET LOCAL work_mem = '{MEMORY}'")
    await audience.check_targets(session, church_id, draft.target_type, draft.target_ids)
    return audience.query(
        church_id,
        draft.target_type,
        draft.target_ids,
        merge_fields=draft.template.fields,
        budget=await weekly_budget.budget(session, church_id, draft.priority),
        is_sealed=is_sealed,
    )


def excluded(counted: Sequence[Any]) -> dict[str, int]:
    """Phones by reason, and duplicates, of rows that count ``phones`` and ``people``."""
    found: dict[str, int] = {}
    for row in counted:
        if row.reason is not None:
            found[row.reason] = found.get(row.reason, 0) + row.phones
    if duplicates := sum(row.people - row.phones for row in counted):
        found[DUPLICATE] = int(duplicates)
    return found
