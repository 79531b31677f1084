"""Reports as the ingress publishes them, and texts that have been called for."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from koinonia.carriers.contract import Accepted
from koinonia.common import clock
from koinonia.common.events.ingress import CarrierStatusReported
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.messaging.broadcasts.sending import batch_results, carrier_calls, claims
from koinonia.messaging.broadcasts.sending.claims import Claimed
from koinonia.messaging.messages import batches
from koinonia.messaging.messages.batches import Batch

from .stage import Stage


def carrier_id(recipient_id: UUID) -> str:
    """The carrier's own id of a text."""
    return f"carrier-{recipient_id}"


def report(
    stage: Stage, recipient_id: UUID, status: DeliveryStatus, **given: Any
) -> CarrierStatusReported:
    """A report with the tokens of our report URL, one part and no cost."""
    values = {
        "church_id": stage.church_id,
        "recipient_id": recipient_id,
        "carrier": "telnyx",
        "carrier_message_id": carrier_id(recipient_id),
        "status": status,
        "reported_at": clock.now(),
        "parts": 1,
    }
    return CarrierStatusReported(**(values | given))


async def claimed(stage: Stage, message_id: UUID) -> tuple[Batch, list[Claimed]]:
    """The first batch of a started message, claimed by a worker that calls next; the texts are in
    the order of ``stage.texts``."""
    worker = stage.running.worker.id
    async with stage.running.database.transaction(stage.church_id) as session:
        batch = await batches.claim(session, message_id, 0, worker)
        assert batch is not None
        taken = await claims.take(session, batch, worker, is_repeatable=True)
    texts = {each.recipient_id: each for each in taken or ()}
    return batch, [texts[row.id] for row in await stage.texts(message_id) if row.id in texts]


async def noted(stage: Stage, batch: Batch, texts: list[Claimed], parts: int | None = 1) -> None:
    """The carrier accepted these texts, and the worker writes it down."""
    outcomes = [
        carrier_calls.accepted(
            text,
            "telnyx",
            Accepted(
                carrier_message_id=carrier_id(text.recipient_id),
                status=DeliveryStatus.SENDING,
                parts=parts,
                cost=Decimal("0.005"),
            ),
        )
        for text in texts
    ]
    async with stage.running.database.transaction(stage.church_id) as session:
        await batch_results.record(session, batch, outcomes)


async def accepted(stage: Stage, count: int, content: str = "Hello") -> tuple[UUID, list[UUID]]:
    """A message that the carrier has taken for ``count`` phones: its id and its texts'."""
    await stage.members(count)
    message_id = await stage.started(content)
    batch, texts = await claimed(stage, message_id)
    await noted(stage, batch, texts)
    return message_id, [text.recipient_id for text in texts]
