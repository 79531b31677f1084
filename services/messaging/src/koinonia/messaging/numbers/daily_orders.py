"""How many numbers may be ordered in a day, by one church and by all of them together.

An order costs money whatever becomes of it, so it counts although it failed or the number was
released. Days of all churches are those of UTC, days of one are the last 24 hours; both by the
database's clock.
"""

from typing import NamedTuple
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db, telemetry
from koinonia.messaging.errors import DailyNumberCapReached, TooManyNumberOrders
from koinonia.messaging.settings import Settings

log = structlog.get_logger()
_refused = telemetry.counter("koinonia_number_orders_refused_total")

TODAY = "CAST(now() AT TIME ZONE 'UTC' AS date)"


class _OfChurch(NamedTuple):
    orders: int
    seconds: int | None  # until the earliest of them is a day old


async def check(session: AsyncSession, settings: Settings, church_id: UUID) -> None:
    """Raises ``TooManyNumberOrders`` or ``DailyNumberCapReached``. The church's are counted for
    good only by who holds ``verification.lock``, those of all by ``count``."""
    most = settings.number_orders_per_church_per_day
    [church] = await db.rows(session, _OfChurch, _OF_CHURCH, {"church": church_id})
    if church.orders >= most:
        _report("church", most)
        raise TooManyNumberOrders.after(most, church.seconds or 1)
    if await db.count(session, _OF_ALL) >= settings.number_orders_per_day:
        await _refuse_all(session, settings)


async def count(session: AsyncSession, settings: Settings) -> None:
    """Count an order of today; raises ``DailyNumberCapReached``. The row of the day is held until
    the transaction ends, so the last place is given once."""
    counted = await db.value(session, int, _COUNT, {"most": settings.number_orders_per_day})
    if counted is None:
        await _refuse_all(session, settings)


async def _refuse_all(session: AsyncSession, settings: Settings) -> None:
    _report("all", settings.number_orders_per_day)
    seconds = await db.count(session, _UNTIL_TOMORROW)
    raise DailyNumberCapReached.after(seconds)


def _report(cap: str, most: int) -> None:
    """An operator sees which cap it was; ``church_id`` is in the line anyway."""
    _refused.add(1, {"cap": cap})
    log.warning("number.order_refused", cap=cap, most=most)


_OF_CHURCH = """
    SELECT count(*) AS orders,
           CAST(ceil(extract(epoch FROM min(ordered_at) + interval '1 day' - now())) AS integer)
           AS seconds
      FROM phone_numbers
     WHERE church_id = :church AND ordered_at > now() - interval '1 day'
"""

_OF_ALL = f"SELECT coalesce(max(orders), 0) FROM number_order_days WHERE day = {TODAY}"

_COUNT = f"""
    INSERT INTO number_order_days AS known (day, orders)
    SELECT {TODAY}, 1 WHERE :most > 0
    ON CONFLICT (day) DO UPDATE SET orders = known.orders + 1 WHERE known.orders < :most
    RETURNING orders
"""

_UNTIL_TOMORROW = f"""
    SELECT CAST(ceil(extract(epoch FROM CAST({TODAY} + 1 AS timestamp) - now() AT TIME ZONE 'UTC'))
                AS integer)
"""
