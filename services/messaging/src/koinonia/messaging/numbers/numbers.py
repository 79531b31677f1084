"""Sending numbers: the rows, and how one is pending, then active, or failed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, outbox
from koinonia.common.events.messaging import NumberAssigned, NumberReleased, NumberRequested
from koinonia.common.pagination import PageParams
from koinonia.messaging import clashes
from koinonia.messaging.errors import NumberOrderPending
from koinonia.messaging.numbers import number_routes

SHOWN = "id, phone_number, status, area_code, failure, ordered_at, active_at"


class Status(StrEnum):
    """pending → active or failed; active → released."""

    PENDING = "pending"
    ACTIVE = "active"
    FAILED = "failed"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Order:
    """A number on order: what the carrier has to be asked next."""

    id: UUID
    church_id: UUID
    phone_number: str
    carrier: str
    area_code: str
    carrier_order_id: str | None
    ordered_at: datetime


async def listed(session: AsyncSession, params: PageParams) -> list[Any]:
    """One page, the newest first."""
    after = params.after(datetime, UUID)
    ordered_at, number_id = after or (None, None)
    return await db.untyped_rows(
        session,
        f"""
        SELECT {SHOWN} FROM phone_numbers
        {"WHERE (ordered_at, id) < (:ordered_at, :id)" if after else ""}
        ORDER BY ordered_at DESC, id DESC LIMIT :take OFFSET :offset
        """,
        {
            "ordered_at": ordered_at,
            "id": number_id,
            "take": params.take,
            "offset": params.offset,
        },
    )


async def total(session: AsyncSession) -> int:
    found = await db.untyped_first(session, "SELECT count(*) FROM phone_numbers")
    return int(found[0]) if found else 0


async def one(session: AsyncSession, number_id: UUID) -> Any:
    """A number that is known to exist."""
    return await db.untyped_first(
        session, f"SELECT {SHOWN} FROM phone_numbers WHERE id = :id", {"id": number_id}
    )


async def check_none_pending(session: AsyncSession) -> None:
    if await db.untyped_first(session, "SELECT id FROM phone_numbers WHERE status = 'pending'"):
        raise NumberOrderPending


async def request(
    session: AsyncSession,
    church_id: UUID,
    number_id: UUID,
    phone_number: str,
    carrier: str,
    area_code: str,
) -> None:
    """A pending number. It is ordered after the commit; the due row outlives a lost event."""
    with clashes.raised_as(NumberOrderPending):
        await db.run(
            session,
            """
            INSERT INTO phone_numbers (id, church_id, phone_number, carrier, area_code, status,
                                       ordered_at)
            VALUES (:id, :church_id, :phone_number, :carrier, :area_code, 'pending', :now)
            """,
            {
                "id": number_id,
                "church_id": church_id,
                "phone_number": phone_number,
                "carrier": carrier,
                "area_code": area_code,
                "now": clock.now(),
            },
        )
    await outbox.add(session, NumberRequested(church_id=church_id, number_id=number_id))


async def pending(session: AsyncSession, number_id: UUID) -> Order | None:
    """The number while it is on order."""
    found = await db.untyped_first(
        session,
        """
        SELECT id, church_id, phone_number, carrier, area_code, carrier_order_id, ordered_at
          FROM phone_numbers WHERE id = :id AND status = 'pending'
        """,
        {"id": number_id},
    )
    return Order(*found) if found else None


async def note_order(
    session: AsyncSession, order: Order, phone_number: str, carrier_order_id: str
) -> None:
    """The carrier took the order, perhaps for another number than the one first wanted."""
    await db.run(
        session,
        """
        UPDATE phone_numbers SET phone_number = :phone_number, carrier_order_id = :order_id
         WHERE id = :id AND status = 'pending'
        """,
        {"id": order.id, "phone_number": phone_number, "order_id": carrier_order_id},
    )


async def activate(
    session: AsyncSession, order: Order, phone_number: str, carrier_number_id: str | None
) -> None:
    """The church can send from it. It counts as the church's since it was ordered, because texts
    to it may come before we hear that it is ready."""
    moved = await db.run(
        session,
        """
        UPDATE phone_numbers
           SET status = 'active', phone_number = :phone_number, active_at = :now,
               carrier_number_id = :carrier_number_id
         WHERE id = :id AND status = 'pending'
        """,
        {
            "id": order.id,
            "phone_number": phone_number,
            "carrier_number_id": carrier_number_id,
            "now": clock.now(),
        },
    )
    if not moved:
        return
    await number_routes.begin(session, order.church_id, order.id, phone_number, order.ordered_at)
    assigned = NumberAssigned(
        church_id=order.church_id,
        number_id=order.id,
        phone_number=phone_number,
        carrier=order.carrier,
        assigned_at=order.ordered_at,
    )
    await outbox.add(session, assigned)


async def give_up(session: AsyncSession, church_id: UUID, number_id: UUID) -> None:
    """The church has the number no more: what is texted to it from now on is nobody's."""
    now = clock.now()
    released = await db.untyped_first(
        session,
        """
        UPDATE phone_numbers SET status = 'released', released_at = :now
         WHERE id = :id AND status = 'active' RETURNING phone_number
        """,
        {"id": number_id, "now": now},
    )
    if released is None:
        return
    await number_routes.end(session, number_id, now)
    told = NumberReleased(
        church_id=church_id,
        number_id=number_id,
        phone_number=released.phone_number,
        released_at=now,
    )
    await outbox.add(session, told)


async def fail(session: AsyncSession, order: Order, reason: str) -> None:
    """The order came to nothing; ``reason`` is a sentence for staff."""
    await db.run(
        session,
        """
        UPDATE phone_numbers SET status = 'failed', failure = :reason
         WHERE id = :id AND status = 'pending'
        """,
        {"id": order.id, "reason": reason},
    )
