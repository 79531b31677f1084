"""Ordering a number at the carrier: once, whatever breaks in between.

The order carries our number's id as its reference, and the carrier answers the same reference
with the same order. So every step may be taken again: by a redelivered event, or by the loop when
a worker died. Calls to the carrier are made outside of any transaction.
"""

from datetime import timedelta
from uuid import UUID

import structlog

from koinonia.carriers.contract import Carrier, NumberOrder, OrderStatus
from koinonia.carriers.failures import CarrierFailure, Failure, Follows
from koinonia.common import clock
from koinonia.common.events.messaging import NumberRequested
from koinonia.messaging.numbers import (
    due_orders,
    messaging_profiles,
    number_routes,
    numbers,
    offers,
)
from koinonia.messaging.numbers.numbers import Order
from koinonia.messaging.running import Running

log = structlog.get_logger()

GONE = (Failure.NUMBER_TAKEN, Failure.SEARCH_FIRST)
OTHER_NUMBERS = 2  # how many more we try when the one we were offered is gone
PATIENCE = timedelta(days=1)  # with a carrier that does not take the order
REFUSED = "The carrier could not provide this number. Order another one."
AWAY_TOO_LONG = "The carrier did not take the order for a whole day. Order a number again."


async def place(running: Running, event: NumberRequested) -> None:
    """Order the number now; what does not work at once is tried again by ``check``."""
    await _advance(running, event.church_id, event.number_id)


async def check(running: Running) -> None:
    """Look at the orders that are due: place what is not placed, ask about what is."""
    async with running.database.transaction() as session:
        claimed = await due_orders.claim(session)
    for each in claimed:
        try:
            await _advance(running, each.church_id, each.number_id)
        except Exception:  # one order must not hold up the others; its lease brings it back
            log.exception("number.order_broken", number_id=str(each.number_id))


async def _advance(running: Running, church_id: UUID, number_id: UUID) -> None:
    async with running.database.transaction(church_id) as session:
        order = await numbers.pending(session, number_id)
        if order is None:
            await due_orders.end(session, number_id)
            return
    carrier: Carrier = running.carriers[order.carrier]
    try:
        answer = await (
            carrier.order_status(order.carrier_order_id)
            if order.carrier_order_id
            else _ordered(running, order, carrier)
        )
    except CarrierFailure as failure:
        await _failed(running, order, failure)
    else:
        await _answered(running, order, answer)


async def _ordered(running: Running, order: Order, carrier: Carrier) -> NumberOrder:
    """Orders the number, or one like it when it is gone by now."""
    profile_id = await messaging_profiles.ensure(running, order.church_id, carrier)
    wanted = [order.phone_number]
    while True:
        try:
            return await carrier.order(wanted[-1], profile_id, str(order.id))
        except CarrierFailure as failure:
            if failure.failure not in GONE or len(wanted) > OTHER_NUMBERS:
                raise
        wanted.append(await _another(order, carrier, wanted))


async def _another(order: Order, carrier: Carrier, tried: list[str]) -> str:
    offered = await carrier.search(order.area_code, offers.HOW_MANY)
    # Where everything on offer was tried, the last refusal stands.
    return next((o.phone_number for o in offered if o.phone_number not in tried), tried[-1])


async def _answered(running: Running, order: Order, answer: NumberOrder) -> None:
    phone_number = answer.phone_number or order.phone_number
    async with running.database.transaction(order.church_id) as session:
        match answer.status:
            case OrderStatus.ACTIVE if not await number_routes.free(session, [phone_number]):
                log.error("number.assigned_twice", number_id=str(order.id))
                await numbers.fail(session, order, REFUSED)
                await due_orders.end(session, order.id)
            case OrderStatus.ACTIVE:
                await numbers.activate(session, order, phone_number, answer.carrier_number_id)
                await due_orders.end(session, order.id)
            case OrderStatus.FAILED:
                await numbers.fail(session, order, REFUSED)
                await due_orders.end(session, order.id)
            case OrderStatus.PENDING:
                await numbers.record_order(session, order, phone_number, answer.order_id)
                await due_orders.postpone(session, order.id)
    log.info("number.order_answered", number_id=str(order.id), status=answer.status)


async def _failed(running: Running, order: Order, failure: CarrierFailure) -> None:
    """Ends an order that the carrier will not take; waits with one that it may take later."""
    log.warning("number.order_failed", number_id=str(order.id), failure=failure.failure)
    waits = failure.failure.follows in (Follows.RETRY_LATER, Follows.PAUSE_ALL)
    is_patient = order.carrier_order_id or clock.now() - order.ordered_at < PATIENCE
    async with running.database.transaction(order.church_id) as session:
        if waits and is_patient and failure.failure is not Failure.SEARCH_FIRST:
            await due_orders.postpone(session, order.id)
            return
        await numbers.fail(session, order, AWAY_TOO_LONG if waits else failure.failure.sentence)
        await due_orders.end(session, order.id)
