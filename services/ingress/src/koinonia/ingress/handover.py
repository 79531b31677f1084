"""Translates a call into our events and hands them to the bus or the spool."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Self
from uuid import NAMESPACE_URL, UUID, uuid5

import structlog

from koinonia.carriers.contract import InboundText, Parsed, StatusReport
from koinonia.common import outbox, phone
from koinonia.common.bus import PublishError
from koinonia.common.errors import Unavailable
from koinonia.common.events import Event
from koinonia.common.events.ingress import (
    CarrierMessageReceived,
    CarrierStatusesReported,
    CarrierStatusReported,
    MailReported,
)
from koinonia.common.phone import InvalidPhone, Phones
from koinonia.common.retry import CircuitOpen, breaker
from koinonia.ingress.running import Running
from koinonia.mail.contract import Report, Unread

log = structlog.get_logger()

PUBLISH_SECONDS = 1.0
"""Of the 2 seconds a carrier waits: one for the broker, the other for the spool."""

BROKER_REST_SECONDS = 2.0
"""After a failure calls go straight to the spool for this long."""


class NothingWorks(Unavailable):
    """Neither the broker nor the database took the call; the carrier sends it again."""

    code = "INGRESS_UNAVAILABLE"
    message = "The call could not be stored. Send it again."


@dataclass(frozen=True, slots=True)
class ReportToken:
    """What the report URL says about the text. Not signed, so it only says where to look first:
    a report is applied where its carrier message id agrees."""

    church_id: UUID | None = None
    recipient_id: UUID | None = None

    @classmethod
    def from_query(cls, church: str | None, recipient: str | None) -> Self:
        """Read the URL's parameters; what is no id counts as missing."""
        return cls(_uuid(church), _uuid(recipient))


def translate(
    carrier: str, parsed: Sequence[Parsed], token: ReportToken, phones: Phones
) -> list[CarrierStatusReported | CarrierMessageReceived]:
    """The events in a verified call; what is neither report nor text is left out."""
    events: list[CarrierStatusReported | CarrierMessageReceived] = []
    for item in parsed:
        identity = uuid5(NAMESPACE_URL, f"{carrier}:{item.carrier_event_id}")
        if isinstance(item, StatusReport):
            events.append(_reported(identity, carrier, item, token))
        elif isinstance(item, InboundText):
            events.append(_received(identity, carrier, item, phones))
    return events


def translate_mail(provider: str, parsed: Sequence[Report | Unread]) -> list[MailReported]:
    """The events in a verified call of a provider of mail."""
    return [
        MailReported(
            id=uuid5(NAMESPACE_URL, f"{provider}:{report.report_id}"),
            provider=provider,
            mail_id=report.mail_id,
            outcome=report.outcome,
            reported_at=report.occurred_at,
        )
        for report in parsed
        if isinstance(report, Report)
    ]


def _reported(
    identity: UUID, carrier: str, report: StatusReport, token: ReportToken
) -> CarrierStatusReported:
    return CarrierStatusReported(
        id=identity,
        church_id=token.church_id,
        recipient_id=token.recipient_id,
        carrier=carrier,
        carrier_message_id=report.carrier_message_id,
        sender=report.sender,
        status=report.status,
        reported_at=report.occurred_at,
        parts=report.parts,
        cost=report.cost,
        failure=report.failure,
        failure_code=report.failure_code,
    )


def _received(
    identity: UUID, carrier: str, text: InboundText, phones: Phones
) -> CarrierMessageReceived:
    return CarrierMessageReceived(
        id=identity,
        carrier=carrier,
        carrier_message_id=text.carrier_message_id,
        to=text.to if text.is_named else "",
        sealed_group=tuple(phones.seal(_e164(each)) for each in text.group),
        sealed_sender=phones.seal(text.sender),
        text=text.text,
        media_urls=text.media_urls,
        media_types=text.media_types,
        received_at=text.occurred_at,
        opt_out_type=text.opt_out_type,
    )


def _e164(number: str) -> str:
    """As members' phones are kept. A group may hold mail addresses and short codes."""
    try:
        return phone.parse(number)
    except InvalidPhone:
        return number


async def hand_over(running: Running, events: Sequence[Event]) -> None:
    """Return when all events are confirmed or spooled; reports go together with those of others.

    Raises :class:`NothingWorks` (503) when neither is possible: the carrier will repeat the call.
    """
    reports = [event for event in events if isinstance(event, CarrierStatusReported)]
    others = [event for event in events if not isinstance(event, CarrierStatusReported)]
    if reports:
        await running.report_bundles.hand_over(reports)
    if others:
        await _store(running, others, lambda: _publish(running, others))


async def store_reports(running: Running, reports: Sequence[CarrierStatusReported]) -> None:
    """Store them, several as one event. Raises :class:`NothingWorks`."""
    await _store(running, reports, lambda: _publish_reports(running, reports))


async def _store(
    running: Running, events: Sequence[Event], publish: Callable[[], Awaitable[None]]
) -> None:
    """Publish with confirms, or spool to PostgreSQL, whose relay drains it to the broker."""
    try:
        async with (
            breaker(running.publisher.broker, threshold=1, ttl=BROKER_REST_SECONDS),
            asyncio.timeout(PUBLISH_SECONDS),
        ):
            await publish()
    except (PublishError, OSError, TimeoutError, CircuitOpen) as error:
        await _spool(running, events, error)


async def _publish_reports(running: Running, reports: Sequence[CarrierStatusReported]) -> None:
    if len(reports) > 1:
        bundle = CarrierStatusesReported(events=tuple(reports))
        if await running.publisher.publish_heard(bundle):
            return
    await _publish(running, reports)


async def _publish(running: Running, events: Sequence[Event]) -> None:
    confirmed = await running.publisher.publish_events(events)
    if len(confirmed) < len(events):
        raise TimeoutError("the broker did not confirm every event")


async def _spool(running: Running, events: Sequence[Event], cause: Exception) -> None:
    try:
        async with asyncio.timeout(PUBLISH_SECONDS), running.database.transaction() as session:
            await outbox.add(session, *events)
    except Exception as error:
        log.error("ingress.unavailable", broker=repr(cause), database=repr(error))
        raise NothingWorks from error
    log.warning("ingress.spooled", events=len(events), reason=type(cause).__name__)


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
