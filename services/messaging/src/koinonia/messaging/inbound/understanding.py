"""Every text to a church is understood once, and what it means is told together with the broadcast
that the person was sent last.
"""

from uuid import UUID, uuid5

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import outbox, phone
from koinonia.common.events.ingress import CarrierMessageReceived
from koinonia.common.events.messaging import TextUnderstood
from koinonia.common.phone import InvalidPhone
from koinonia.messaging.inbound import joining, stops
from koinonia.messaging.inbound.stops import Inbound
from koinonia.messaging.keywords import matching, staff
from koinonia.messaging.messages import last_broadcast
from koinonia.messaging.numbers import routes
from koinonia.messaging.people.optout.meaning import Meaning
from koinonia.messaging.running import Running

log = structlog.get_logger()

KEYWORD = "keyword"


async def note(running: Running, session: AsyncSession, event: CarrierMessageReceived) -> None:
    """Do what the text asks for, and say what it was. Its church is the owner of the number it
    hit, then."""
    phones = running.phones
    church_id = await routes.entered(session, event.to, event.received_at)
    if church_id is None:
        log.warning("inbound.number_unknown", carrier_message_id=event.carrier_message_id)
        return
    index = phones.index(church_id, phones.open(event.sealed_sender))
    understood = await _understood(session, Inbound(church_id, event, index, phones))
    last = await last_broadcast.sent_to(session, church_id, index, event.to, event.received_at)
    if last:
        said = {"message_id": last.id, "message_text": last.text, "message_sent_at": last.sent_at}
        understood = understood.model_copy(update=said)
    await outbox.add(session, understood)


async def _understood(session: AsyncSession, text: Inbound) -> TextUnderstood:
    """A keyword is what says neither STOP nor HELP; one that the carrier took for START is both."""
    meaning = await stops.heed(session, text)
    if meaning in (Meaning.STOP, Meaning.HELP):
        return _told(text, meaning)
    called = await matching.called(session, text.church_id, text.event.text)
    if called is None or not _is_phone(text):
        return _told(text, meaning)
    answer = await joining.heed(session, text, called)
    notify = await staff.present(session, text.church_id, called.notify)
    return _told(text, KEYWORD).model_copy(
        update={"keyword": called.word, "answer": answer, "notify": notify}
    )


def _is_phone(text: Inbound) -> bool:
    """A short code or a name is a machine, and takes no texts."""
    try:
        phone.parse(text.phones.open(text.event.sealed_sender))
    except InvalidPhone:
        return False
    return True


def _told(text: Inbound, meaning: str) -> TextUnderstood:
    event = text.event
    return TextUnderstood(
        id=_id_of(event),
        church_id=text.church_id,
        carrier=event.carrier,
        carrier_message_id=event.carrier_message_id,
        received_at=event.received_at,
        to=event.to,
        sealed_sender=event.sealed_sender,
        phone_index=text.phone_index,
        meaning=meaning,
    )


def _id_of(event: CarrierMessageReceived) -> UUID:
    return uuid5(event.id, "understood")
