"""Sending numbers: the rows, and how one is pending, then active, or failed."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, outbox
from koinonia.common.events.messaging import (
    NumberAssigned,
    NumberConnection,
    NumberReleased,
    NumberRequested,
)
from koinonia.common.pagination import Page, PageParams
from koinonia.messaging.errors import NoSuchNumber, NumberOrderPending
from koinonia.messaging.numbers import number_checks, number_routes
from koinonia.messaging.numbers.connections import PROBLEMS
from koinonia.messaging.vocabulary import NumberStatus


class Number(NamedTuple):
    """A number as staff see it."""

    id: UUID
    phone_number: str
    label: str | None
    status: str
    area_code: str
    failure: str | None
    ordered_at: datetime
    active_at: datetime | None
    connection: str
    checked_at: datetime | None

    @property
    def connection_problem(self) -> str | None:
        """For staff, of a number that is active."""
        if self.status != NumberStatus.ACTIVE:
            return None
        return PROBLEMS.get(NumberConnection(self.connection))


class Order(NamedTuple):
    """A number on order: what the carrier has to be asked next."""

    id: UUID
    church_id: UUID
    phone_number: str
    carrier: str
    area_code: str
    carrier_order_id: str | None
    ordered_at: datetime


_NEWEST_FIRST = db.Order({"ordered_at": datetime, "id": UUID}, descending=True, prefix="n.")
_NUMBERS = """
    SELECT n.id, n.phone_number, n.label, n.status, n.area_code, n.failure, n.ordered_at,
           n.active_at, n.connection, c.checked_at
      FROM phone_numbers n LEFT JOIN number_checks c ON c.number_id = n.id
"""


async def page(session: db.Session, params: PageParams) -> Page[Number]:
    """The newest first."""
    return await db.page(
        session,
        Number,
        f"{_NUMBERS} WHERE true",
        {},
        params,
        _NEWEST_FIRST,
        counted="SELECT count(*) FROM phone_numbers",
    )


async def first(session: AsyncSession, number_id: UUID) -> Number | None:
    return await db.first(session, Number, f"{_NUMBERS} WHERE n.id = :id", {"id": number_id})


async def find(session: AsyncSession, number_id: UUID) -> Number:
    return await db.one(
        session, Number, f"{_NUMBERS} WHERE n.id = :id", {"id": number_id}, missing=NoSuchNumber
    )


async def relabel(session: AsyncSession, number_id: UUID, label: str | None) -> Number:
    """Say what a number is for; None takes the label away. Raises ``NoSuchNumber``."""
    await db.run(
        session,
        "UPDATE phone_numbers SET label = :label WHERE id = :id",
        {"id": number_id, "label": label},
    )
    return await find(session, number_id)


async def check_none_pending(session: AsyncSession) -> None:
    if await db.exists(session, "SELECT 1 FROM phone_numbers WHERE status = 'pending'"):
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
    with db.violations_as(NumberOrderPending):
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
    return await db.first(
        session,
        Order,
        """
        SELECT id, church_id, phone_number, carrier, area_code, carrier_order_id, ordered_at
          FROM phone_numbers WHERE id = :id AND status = 'pending'
        """,
        {"id": number_id},
    )


async def record_order(
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
    await number_checks.add(session, order.id)
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
    phone_number = await db.value(
        session,
        str,
        """
        UPDATE phone_numbers SET status = 'released', released_at = :now
         WHERE id = :id AND status = 'active' RETURNING phone_number
        """,
        {"id": number_id, "now": now},
    )
    if phone_number is None:
        return
    await number_routes.end(session, number_id, now)
    await number_checks.end(session, number_id)
    released = NumberReleased(
        church_id=church_id,
        number_id=number_id,
        phone_number=phone_number,
        released_at=now,
    )
    await outbox.add(session, released)


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
