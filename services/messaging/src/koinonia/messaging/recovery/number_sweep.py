"""Comparing all numbers with the lists of their carriers, once an hour, by one worker at a time.

The list only says at which numbers to look: what becomes of them is decided by
``number_recovery.py``, which asks for each by itself.
"""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.carriers import CARRIERS
from koinonia.carriers.contract import Carrier, HeldNumber
from koinonia.carriers.failures import CarrierFailure
from koinonia.common import clock, db, telemetry
from koinonia.messaging.numbers import number_checks
from koinonia.messaging.numbers.number_checks import Expected
from koinonia.messaging.recovery import number_calls
from koinonia.messaging.running import Running

log = structlog.get_logger()
_sweeps = telemetry.counter("koinonia_number_sweeps_total")

LEASE = timedelta(minutes=3)  # renewed while the list is read
RENEW_SECONDS = 60
RETRY = timedelta(minutes=5)  # after a carrier did not give its list
FIRST = UUID(int=0)


async def sweep(running: Running) -> None:
    """Compare the numbers of each carrier whose time has come."""
    for carrier in running.carriers.values():
        async with running.database.transaction() as session:
            is_ours = await _begin(session, carrier.name)
        if not is_ours:
            continue
        try:
            wrong = await _compare(running, carrier)
        except CarrierFailure as failure:
            log.warning("numbers.sweep_failed", carrier=carrier.name, failure=failure)
            _sweeps.add(1, {"carrier": carrier.name, "outcome": "failed"})
            await _again(running, carrier.name, RETRY)
        else:
            log.info("numbers.swept", carrier=carrier.name, wrong=wrong)
            _sweeps.add(1, {"carrier": carrier.name, "outcome": "done"})
            every = timedelta(minutes=running.settings.number_sweep_minutes)
            await _again(running, carrier.name, every)


async def _begin(session: AsyncSession, carrier: str) -> bool:
    """Whether the sweep of this carrier is due, and now this worker's."""
    now = clock.now()
    taken = await db.run(
        session,
        """
        INSERT INTO number_sweeps AS known (carrier, next_sweep_at) VALUES (:carrier, :until)
        ON CONFLICT (carrier) DO UPDATE SET next_sweep_at = excluded.next_sweep_at
         WHERE known.next_sweep_at <= :now
        """,
        {"carrier": carrier, "now": now, "until": now + LEASE},
    )
    return taken == 1


async def _again(running: Running, carrier: str, later: timedelta) -> None:
    async with running.database.transaction() as session:
        await db.run(
            session,
            "UPDATE number_sweeps SET next_sweep_at = :at WHERE carrier = :carrier",
            {"carrier": carrier, "at": clock.now() + later},
        )


async def _compare(running: Running, carrier: Carrier) -> int:
    """How many numbers are not as they should be. A carrier without numbers is not asked."""
    async with running.database.transaction() as session:
        if not await number_checks.page(session, carrier.name, FIRST):
            return 0
    held = await _list(running, carrier)
    url = f"{running.settings.webhooks_origin}{CARRIERS[carrier.name].texts_path}"
    after, wrong = FIRST, 0
    while True:
        async with running.database.transaction() as session:
            page = await number_checks.page(session, carrier.name, after)
            if not page:
                return wrong
            bad = [each.number_id for each in page if not _is_right(each, held, url)]
            good = {each.number_id for each in page}.difference(bad)
            await number_checks.call_up(session, bad)
            await number_checks.confirm(session, sorted(good))
        after, wrong = page[-1].number_id, wrong + len(bad)


async def _list(running: Running, carrier: Carrier) -> Mapping[str, HeldNumber]:
    """By phone number. The lease is renewed while the carrier's pages come in."""
    renewed_at = clock.now()

    async def turn() -> None:
        nonlocal renewed_at
        if (clock.now() - renewed_at).total_seconds() > RENEW_SECONDS:
            renewed_at = clock.now()
            await _again(running, carrier.name, LEASE)
        await number_calls.turn(running, carrier.name)

    return {number.phone_number: number async for number in carrier.held_numbers(turn)}


def _is_right(expected: Expected, held: Mapping[str, HeldNumber], texts_url: str) -> bool:
    found = held.get(expected.phone_number)
    if found is None or expected.profile_id is None:
        return False
    return (found.profile_id, found.texts_url) == (expected.profile_id, texts_url)
