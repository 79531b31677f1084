"""What staff see of their schedules, and of what became of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.pagination import PageParams
from koinonia.messaging.schedules.schemas import Status
from koinonia.messaging.timing.errors import NoSuchSchedule

_SHOWN = """
    id, church_id, name, status, request, rule, starts_local, timezone, next_at,
    skip_if_later_minutes, created_by, created_at, changed_at, cancelled_at
"""


async def one(session: AsyncSession, schedule_id: UUID, *, locked: bool = False) -> Any:
    """Raises ``NoSuchSchedule``. ``locked``: nobody changes it until the transaction ends."""
    found = await db.untyped_first(
        session,
        f"SELECT {_SHOWN} FROM schedules WHERE id = :id {'FOR UPDATE' if locked else ''}",
        {"id": schedule_id},
    )
    if found is None:
        raise NoSuchSchedule
    return found


async def listed(
    session: AsyncSession, church_id: UUID, params: PageParams, status: Status | None
) -> list[Any]:
    """One page, latest first (ix_schedules_church_id_created_at_id)."""
    after = params.after(datetime, UUID)
    created_at, schedule_id = after or (None, None)
    return await db.untyped_rows(
        session,
        f"""
        SELECT {_SHOWN} FROM schedules
         WHERE church_id = :church
           {"AND (created_at, id) < (:created_at, :id)" if after else ""}
           {"AND status = :status" if status else ""}
         ORDER BY created_at DESC, id DESC LIMIT :take OFFSET :offset
        """,
        {
            "church": church_id,
            "created_at": created_at,
            "id": schedule_id,
            "status": status,
            "take": params.take,
            "offset": params.offset,
        },
    )


async def total(session: AsyncSession, church_id: UUID, status: Status | None) -> int:
    """How many there are."""
    counted = await db.untyped_first(
        session,
        f"""
        SELECT count(*) AS found FROM schedules
         WHERE church_id = :church {"AND status = :status" if status else ""}
        """,
        {"church": church_id, "status": status},
    )
    return int(counted.found) if counted else 0


async def occurrences(session: AsyncSession, schedule_id: UUID, params: PageParams) -> list[Any]:
    """One page of what became of it, latest first (the primary key)."""
    after = params.after(datetime)
    return await db.untyped_rows(
        session,
        f"""
        SELECT occurs_at, outcome, message_id, code, reason FROM schedule_occurrences
         WHERE schedule_id = :id {"AND occurs_at < :after" if after else ""}
         ORDER BY occurs_at DESC LIMIT :take OFFSET :offset
        """,
        {
            "id": schedule_id,
            "after": after and after[0],
            "take": params.take,
            "offset": params.offset,
        },
    )


async def occurred(session: AsyncSession, schedule_id: UUID) -> int:
    """How many instants of it have passed."""
    counted = await db.untyped_first(
        session,
        "SELECT count(*) AS found FROM schedule_occurrences WHERE schedule_id = :id",
        {"id": schedule_id},
    )
    return int(counted.found) if counted else 0
