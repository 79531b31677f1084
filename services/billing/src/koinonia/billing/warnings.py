"""Warn a church that its plan runs out, once in a period for each threshold."""

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db, outbox
from koinonia.common.events.billing import AllowanceLow, AllowanceUpdated

PERCENTS = (80, 100)


async def warn(session: AsyncSession, figures: AllowanceUpdated, warned: int) -> None:
    """``warned`` is the highest percent of which the church was told in this period."""
    gone = figures.used_parts + figures.reserved_parts
    allowance = figures.allowance_parts
    passed = max((each for each in PERCENTS if gone * 100 >= each * allowance), default=0)
    if passed <= warned or figures.period_ends_at is None:
        return
    await db.run(
        session,
        "UPDATE subscriptions SET warned_percent = :percent WHERE church_id = :church",
        {"percent": passed, "church": figures.church_id},
    )
    await outbox.add(
        session,
        AllowanceLow(
            church_id=figures.church_id,
            percent=passed,
            allowance_parts=allowance,
            used_parts=figures.used_parts,
            reserved_parts=figures.reserved_parts,
            period_ends_at=figures.period_ends_at,
        ),
    )
