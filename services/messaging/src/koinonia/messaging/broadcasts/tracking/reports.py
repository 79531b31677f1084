"""One report about one text, and what several of them about the same text say together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Self
from uuid import UUID, uuid5

from koinonia.carriers.contract import StatusReport
from koinonia.common.events.ingress import CarrierStatusReported
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.messaging.broadcasts.tracking.text_updates import TextNews


@dataclass(frozen=True, slots=True)
class Report:
    """As it arrived, or as it was parked: a row of ``parked_reports``."""

    event_id: UUID
    church_id: UUID | None
    recipient_id: UUID | None
    carrier: str
    carrier_message_id: str
    sender: str | None
    status: str
    reported_at: datetime
    parts: int | None
    cost: Decimal | None  # USD
    failure: str | None
    failure_code: str | None

    @classmethod
    def from_event(cls, event: CarrierStatusReported) -> Self:
        return cls(
            event_id=event.id,
            church_id=event.church_id,
            recipient_id=event.recipient_id,
            carrier=event.carrier,
            carrier_message_id=event.carrier_message_id,
            sender=event.sender,
            status=event.status,
            reported_at=event.reported_at,
            parts=event.parts,
            cost=event.cost,
            failure=event.failure,
            failure_code=event.failure_code,
        )


def from_answer(church_id: UUID, recipient_id: UUID, carrier: str, answer: StatusReport) -> Report:
    """What the carrier answers when we ask about a text."""
    return Report(
        event_id=uuid5(recipient_id, answer.carrier_event_id),
        church_id=church_id,
        recipient_id=recipient_id,
        carrier=carrier,
        carrier_message_id=answer.carrier_message_id,
        sender=answer.sender,
        status=answer.status,
        reported_at=answer.occurred_at,
        parts=answer.parts,
        cost=answer.cost,
        failure=answer.failure,
        failure_code=answer.failure_code,
    )


def fold(recipient_id: UUID, reports: Sequence[Report]) -> TextNews:
    """The news in reports of one text: the same as if they were applied one after another."""
    ranked = sorted(reports, key=lambda report: -DeliveryStatus(report.status).rank)
    best = ranked[0]
    return TextNews(
        recipient_id=recipient_id,
        status=DeliveryStatus(best.status),
        at=best.reported_at,
        sent_at=min(report.reported_at for report in reports),
        carrier=best.carrier,
        carrier_message_id=best.carrier_message_id,
        parts=next((each.parts for each in ranked if each.parts is not None), None),
        cost=next((each.cost for each in ranked if each.cost is not None), None),
        failure=best.failure,
        failure_code=best.failure_code,
    )
