"""Looking at one number at its carrier, and putting it back where it belongs.

Every step may be taken again, so a worker may die between any two of them. Nothing is bought here.
A number is moved by the id that the carrier gave it when it was bought: when another church bought
it meanwhile, that id is nobody's, and nothing happens. What is in another church's profile is left
alone. The carrier must say twice that it does not have a number before we believe it.
"""

import asyncio
from dataclasses import dataclass
from uuid import UUID

import structlog

from koinonia.carriers import CARRIERS
from koinonia.carriers.contract import Carrier, HeldNumber
from koinonia.carriers.failures import CarrierFailure, Failure
from koinonia.common import telemetry
from koinonia.common.events.messaging import NumberConnection
from koinonia.messaging.numbers import connections, messaging_profiles, number_checks
from koinonia.messaging.numbers.connections import Connection
from koinonia.messaging.numbers.number_checks import DueCheck
from koinonia.messaging.recovery import number_calls, waiting_messages
from koinonia.messaging.running import Running

log = structlog.get_logger()
_checks = telemetry.counter("koinonia_number_checks_total")

TIMEOUT = 60.0  # seconds for one number; three of them are less than a lease
MISSES = 2  # looks in a row that did not find the number, until it counts as lost


@dataclass(frozen=True, slots=True)
class _Work:
    """One number that is looked at."""

    running: Running
    due: DueCheck
    number: Connection
    carrier: Carrier

    @property
    def texts_url(self) -> str:
        path = CARRIERS[self.carrier.name].texts_path
        return f"{self.running.settings.webhooks_origin}{path}"

    def is_right(self, held: HeldNumber, profile_id: str | None) -> bool:
        return (held.profile_id, held.texts_url) == (profile_id, self.texts_url)


async def check_due(running: Running) -> None:
    """Look at the numbers that are due, one after another."""
    async with running.database.transaction() as session:
        claimed = await number_checks.claim(session)
    for due in claimed:
        try:
            await check(running, due)
        except CarrierFailure as failure:
            log.warning("number.check_failed", number_id=str(due.number_id), failure=failure)
        except Exception:  # one number must not hold up the others; its lease brings it back
            log.exception("number.check_broken", number_id=str(due.number_id))


async def check(running: Running, due: DueCheck) -> None:
    """Look at one claimed number and record what was found. Raises ``CarrierFailure`` where the
    carrier does not say; then it is looked at again later."""
    async with running.database.transaction(due.church_id) as session:
        number = await connections.find(session, due.number_id)
        if number is None:
            await number_checks.end(session, due.number_id)
            return
    carrier = running.carriers.get(number.carrier)
    try:
        if carrier is None:
            raise CarrierFailure(Failure.MISCONFIGURED, detail="the carrier has no settings")
        async with asyncio.timeout(TIMEOUT):
            await _check(_Work(running, due, number, carrier))
    except (CarrierFailure, TimeoutError) as failure:
        _count(number.carrier, "unknown")
        async with running.database.transaction(due.church_id) as session:
            await number_checks.postpone(session, due.number_id, was_seen=False)
        if isinstance(failure, TimeoutError):
            raise CarrierFailure(Failure.NO_ANSWER) from failure
        raise


async def _check(work: _Work) -> None:
    profile_id = work.number.carrier_profile_id
    held = await _held(work, profile_id)
    if held is None:
        await _record_missing(work)
    elif held.church_id not in (None, work.due.church_id):
        await _record(work, NumberConnection.HELD_ELSEWHERE, None)
    elif work.is_right(held, profile_id):
        await _record(work, NumberConnection.CONNECTED, profile_id)
    # Said before it is done: whoever goes on after a crash knows that something was amiss.
    elif await _record(work, NumberConnection.RELINKING, None):
        await _relink(work, held)


async def _held(work: _Work, profile_id: str | None) -> HeldNumber | None:
    return await number_calls.call(
        work.running,
        work.carrier.name,
        lambda: work.carrier.held_number(work.number.phone_number, profile_id),
        calls=2,
    )


async def _relink(work: _Work, held: HeldNumber) -> None:
    running, carrier = work.running, work.carrier
    church_id = work.due.church_id
    profile_id = await number_calls.call(
        running,
        carrier.name,
        lambda: messaging_profiles.ensure(running, church_id, carrier),
        calls=3,
    )
    if held.profile_id != profile_id:
        try:
            connect = carrier.connect
            await number_calls.call(running, carrier.name, lambda: connect(held, profile_id))
        except CarrierFailure as failure:
            if failure.failure is not Failure.MISCONFIGURED:
                raise
            # It is in something that we do not know, and that it is not ours to take it out of.
            await _record(work, NumberConnection.HELD_ELSEWHERE, None)
            return
    again = await _held(work, profile_id)
    if again is not None and work.is_right(again, profile_id):
        await _record(work, NumberConnection.CONNECTED, profile_id)


async def _record_missing(work: _Work) -> None:
    misses = work.due.misses + 1
    is_lost = misses >= MISSES
    found = NumberConnection.LOST if is_lost else NumberConnection.RELINKING
    await _record(work, found, None, misses=misses)


async def _record(
    work: _Work, found: NumberConnection, profile_id: str | None, *, misses: int = 0
) -> bool:
    """Keep what was found and what follows for the messages that wait; False where the church has
    the number no more."""
    church_id, number_id = work.due.church_id, work.due.number_id
    phone_number = work.number.phone_number
    async with work.running.database.transaction(church_id) as session:
        is_back = await connections.record(session, church_id, number_id, found)
        if is_back is None:
            await number_checks.end(session, number_id)
            return False
        if found is not NumberConnection.CONNECTED:
            await waiting_messages.explain(session, church_id, phone_number, found)
            await number_checks.postpone(session, number_id, misses=misses)
        else:
            if profile_id is not None:
                name = work.carrier.name
                await waiting_messages.move(session, church_id, phone_number, name, profile_id)
            if is_back:
                await waiting_messages.resume(session, church_id, phone_number)
            await number_checks.settle(session, number_id, profile_id)
    _report(work, found, number_id)
    return True


def _report(work: _Work, found: NumberConnection, number_id: UUID) -> None:
    _count(work.carrier.name, found)
    if found != work.number.connection:
        say = log.info if found is NumberConnection.CONNECTED else log.error
        say("number.connection_changed", number_id=str(number_id), connection=found)


def _count(carrier: str, outcome: str) -> None:
    _checks.add(1, {"carrier": carrier, "outcome": outcome})
