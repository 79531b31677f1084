"""An inbound text may be a STOP or a START; its church is the owner of the number it hit.

The newest word counts, by the time the carrier received it and not by the order in which texts
reach us; at the same instant STOP wins.
"""

from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.events.webhooks import CarrierMessageReceived
from koinonia.common.phone import Phones
from koinonia.messaging.numbers import routes
from koinonia.messaging.people.consent import ledger, sealing
from koinonia.messaging.people.consent.entries import Entry, Kind, Method
from koinonia.messaging.people.optout import meaning
from koinonia.messaging.people.optout.meaning import Meaning

log = structlog.get_logger()


async def note(session: AsyncSession, event: CarrierMessageReceived, phones: Phones) -> None:
    """Put a STOP or a START into the ledger, in the transaction that takes the text in."""
    church_id = await routes.owner(session, event.to, event.received_at)
    if church_id is None:
        log.warning("inbound.number_unknown", carrier_message_id=event.carrier_message_id)
        return
    await db.enter_church(session, church_id)
    said = _said(event)
    if said.stops:
        await ledger.append(session, church_id, [_entry(church_id, event, Kind.REVOKED, phones)])
    elif said is Meaning.START:
        await ledger.append(session, church_id, [_entry(church_id, event, Kind.GRANTED, phones)])


def _said(event: CarrierMessageReceived) -> Meaning:
    """A YES counts as START only where the carrier took it for one: its own block stays
    otherwise, and the YES may answer some question of last week."""
    if event.opt_out_type:
        return Meaning(event.opt_out_type.lower())
    return meaning.meaning(event.text)


def _entry(church_id: UUID, event: CarrierMessageReceived, kind: Kind, phones: Phones) -> Entry:
    return Entry(
        phone_index=phones.index(church_id, phones.open(event.sealed_sender)),
        phone_sealed=event.sealed_sender,
        kind=kind,
        method=Method.KEYWORD,
        at=event.received_at,
        words=sealing.sealed(phones, event.text),
        event_id=event.id,
        by_carrier=event.opt_out_type is not None,
    )
