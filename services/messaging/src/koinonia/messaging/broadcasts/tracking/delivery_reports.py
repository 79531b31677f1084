"""Reports of the carrier: a batch of them, applied by one guarded UPDATE per church.

Reports come in any order, more than once, and sometimes before the answer to the call they are
about. One that is about no text we know is parked and tried again a few times.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.carriers.failures import Failure
from koinonia.common import db, telemetry
from koinonia.common.events.ingress import CarrierStatusReported
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.messaging.broadcasts.controls import pauses
from koinonia.messaging.broadcasts.tracking import (
    carrier_opt_outs,
    parked_reports,
    reports,
    text_updates,
)
from koinonia.messaging.broadcasts.tracking.reports import Report
from koinonia.messaging.messages.counters import Change
from koinonia.messaging.running import Running

log = structlog.get_logger()

_recorded = telemetry.counter("koinonia_reports_recorded_total")


async def record(session: AsyncSession, events: Sequence[CarrierStatusReported]) -> None:
    """Apply the reports of all churches; park those that are about no text."""
    missed = await apply(session, [Report.from_event(event) for event in events])
    await parked_reports.park(session, missed)
    _recorded.add(len(events))


async def retry_parked(running: Running) -> None:
    """Apply what was parked and is due."""
    async with running.database.transaction() as session:
        due = await parked_reports.due(session)
        if due:
            await parked_reports.conclude(session, due, await apply(session, due))


async def apply(session: AsyncSession, given: Sequence[Report]) -> list[Report]:
    """Apply the reports; returns those that are about no text."""
    by_church: dict[UUID | None, list[Report]] = defaultdict(list)
    for report, church_id in zip(given, await _churches(session, given), strict=True):
        by_church[church_id].append(report)
    missed = by_church.pop(None, [])
    for church_id in sorted(filter(None, by_church)):  # in one order, because each locks rows
        await db.enter_church(session, church_id)
        missed += await _apply_to_church(session, church_id, by_church[church_id])
    return missed


async def _apply_to_church(
    session: AsyncSession, church_id: UUID, given: Sequence[Report]
) -> list[Report]:
    by_text: dict[UUID, list[Report]] = defaultdict(list)
    missed: list[Report] = []
    for report, text_id in zip(given, await _texts(session, given), strict=True):
        if text_id is None or not _is_of_same_call(report, by_text[text_id]):
            missed.append(report)
        else:
            by_text[text_id].append(report)
    news = [reports.fold(text_id, own) for text_id, own in by_text.items() if own]
    known = await text_updates.apply(session, church_id, news)
    for each in news:
        if (change := known.get(each.recipient_id)) and _is_contradicted(change, each.status):
            log.info("report.contradicts", text_id=str(each.recipient_id), code=each.failure_code)
    await _follow(session, church_id, list(known.values()))
    unknown = by_text.keys() - known.keys()
    return missed + [report for text_id in unknown for report in by_text[text_id]]


def _is_contradicted(change: Change, status: DeliveryStatus) -> bool:
    """A text that arrived is said not to have arrived; that it did stands."""
    arrived = DeliveryStatus.DELIVERED
    return change.previous == change.status == arrived and status is DeliveryStatus.FAILED


def _is_of_same_call(report: Report, others: Sequence[Report]) -> bool:
    """A text has one message at the carrier; a second one is not its news, and is parked."""
    return not others or others[0].carrier_message_id == report.carrier_message_id


class _Owner(NamedTuple):
    place: int
    church_id: UUID


async def _churches(session: AsyncSession, given: Sequence[Report]) -> list[UUID | None]:
    """The church of each report: as its URL said, else the owner of the sending number then."""
    found = [report.church_id for report in given]
    homeless = [place for place, church_id in enumerate(found) if church_id is None]
    if not homeless:
        return found
    owners = await db.rows(
        session,
        _Owner,
        """
        SELECT given.place, route.church_id
          FROM unnest(CAST(:places AS integer[]), CAST(:senders AS text[]),
                      CAST(:times AS timestamptz[])) AS given (place, sender, at)
          JOIN number_routes route
            ON route.phone_number = given.sender AND route.valid_from <= given.at
           AND (route.valid_to IS NULL OR route.valid_to > given.at)
        """,
        {
            "places": homeless,
            "senders": [given[place].sender for place in homeless],
            "times": [given[place].reported_at for place in homeless],
        },
    )
    for owner in owners:
        found[owner.place] = owner.church_id
    return found


class _Named(NamedTuple):
    place: int
    recipient_id: UUID


async def _texts(session: AsyncSession, given: Sequence[Report]) -> list[UUID | None]:
    """The text of each report: as its URL said, else by the carrier's own id."""
    found = [report.recipient_id for report in given]
    nameless = [place for place, text_id in enumerate(found) if text_id is None]
    if not nameless:
        return found
    texts = await db.rows(
        session,
        _Named,
        """
        SELECT given.place, r.id AS recipient_id
          FROM unnest(CAST(:places AS integer[]), CAST(:carriers AS text[]),
                      CAST(:carrier_ids AS text[])) AS given (place, carrier, carrier_message_id)
          JOIN message_recipients r USING (carrier, carrier_message_id)
        """,
        {
            "places": nameless,
            "carriers": [given[place].carrier for place in nameless],
            "carrier_ids": [given[place].carrier_message_id for place in nameless],
        },
    )
    for text in texts:
        found[text.place] = text.recipient_id
    return found


async def _follow(session: AsyncSession, church_id: UUID, changes: Sequence[Change]) -> None:
    """A failure in a report is the end of its text; some ask for more."""
    failed = [change for change in changes if change.failure and change.status != change.previous]
    opted_out = [each.recipient_id for each in failed if each.failure == Failure.OPTED_OUT]
    await carrier_opt_outs.opt_out(session, church_id, opted_out)
    for message_id, failure in sorted(_stopping(failed).items()):
        await pauses.pause_for_failure(session, church_id, message_id, failure)


def _stopping(failed: Sequence[Change]) -> dict[UUID, Failure]:
    """The messages that a failure stops as a whole."""
    stopping = ((each.message_id, pauses.stopping_failure([each.failure])) for each in failed)
    return {message_id: failure for message_id, failure in stopping if failure}
