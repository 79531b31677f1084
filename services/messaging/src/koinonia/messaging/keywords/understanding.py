"""Every text to a church is understood once, and what it means is told together with the broadcast
that the person was sent last.
"""

from uuid import UUID, uuid5

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import outbox
from koinonia.common.events.messaging import TextUnderstood
from koinonia.common.events.webhooks import CarrierMessageReceived
from koinonia.common.phone import Phones
from koinonia.messaging.broadcasts import lately
from koinonia.messaging.numbers import routes
from koinonia.messaging.people.consent import noting
from koinonia.messaging.people.consent.noting import Inbound

log = structlog.get_logger()


async def note(session: AsyncSession, event: CarrierMessageReceived, phones: Phones) -> None:
    """Do what the text asks for, and say what it was. Its church is the owner of the number it
    hit, then."""
    church_id = await routes.entered(session, event.to, event.received_at)
    if church_id is None:
        log.warning("inbound.number_unknown", carrier_message_id=event.carrier_message_id)
        return
    index = phones.index(church_id, phones.open(event.sealed_sender))
    text = Inbound(church_id, event, index, phones)
    meaning = await noting.heed(session, text)
    last = await lately.sent_to(session, church_id, index, event.to, event.received_at)
    understood = TextUnderstood(
        id=_id_of(event),
        church_id=church_id,
        carrier=event.carrier,
        carrier_message_id=event.carrier_message_id,
        received_at=event.received_at,
        to=event.to,
        sealed_sender=event.sealed_sender,
        phone_index=index,
        meaning=meaning,
        message_id=last.id if last else None,
        message_text=last.text if last else None,
        message_sent_at=last.sent_at if last else None,
    )
    await outbox.add(session, understood)


def _id_of(event: CarrierMessageReceived) -> UUID:
    return uuid5(event.id, "understood")
