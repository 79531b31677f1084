"""What a text to a church means: STOP, START or HELP, a keyword, or an answer to a broadcast. Each
text is understood once.
"""

from uuid import UUID, uuid5

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.carriers import group_texts
from koinonia.common import db, outbox, phone
from koinonia.common.events.conversation import WordsFound
from koinonia.common.events.ingress import CarrierMessageReceived
from koinonia.common.events.messaging import TextUnderstood
from koinonia.common.phone import InvalidPhone, Phones
from koinonia.messaging.inbound import heard_phones, keyword_joins, stops
from koinonia.messaging.inbound.answers import Heard
from koinonia.messaging.inbound.stops import Inbound
from koinonia.messaging.keywords import admins, keyword_match
from koinonia.messaging.messages import last_broadcast
from koinonia.messaging.numbers import number_routes
from koinonia.messaging.people.optout.meaning import Meaning
from koinonia.messaging.running import Running

log = structlog.get_logger()

KEYWORD = "keyword"


async def understand(
    running: Running, session: AsyncSession, event: CarrierMessageReceived
) -> None:
    """Do what a text asks for and publish what it means, together with the broadcast that the
    person was sent last. Its church is the one that owned the number when the text came; a group
    text may be for several. Whatever it says, its sender says it, and nobody else of the group."""
    phones = running.phones
    if event.sealed_group:
        for church_id, own in await _of_churches(session, event, phones):
            await db.enter_church(session, church_id)
            await _understand(session, church_id, own, phones)
        return
    found = await number_routes.enter(session, event.to, event.received_at)
    if found is None:
        log.warning("inbound.number_unknown", carrier_message_id=event.carrier_message_id)
        return
    await _understand(session, found, event, phones)


async def understand_words(running: Running, session: AsyncSession, event: WordsFound) -> None:
    """The same of words that came as a part of a text."""
    await _understand(session, event.church_id, event, running.phones)


async def _of_churches(
    session: AsyncSession, event: CarrierMessageReceived, phones: Phones
) -> list[group_texts.OfChurch]:
    numbers = group_texts.numbers(event, phones)
    owners = await number_routes.owners(session, numbers, event.received_at)
    if not owners:
        log.warning("inbound.number_unknown", carrier_message_id=event.carrier_message_id)
    return group_texts.of_churches(event, owners, phones)


async def _understand(session: AsyncSession, church_id: UUID, event: Heard, phones: Phones) -> None:
    index = phones.index(church_id, phones.open(event.sealed_sender))
    await heard_phones.record(session, church_id, index, event.received_at)
    understood = await _apply(session, Inbound(church_id, event, index, phones))
    last = await last_broadcast.sent_to(session, church_id, index, event.to, event.received_at)
    if last:
        said = {"message_id": last.id, "message_text": last.text, "message_sent_at": last.sent_at}
        understood = understood.model_copy(update=said)
    await outbox.add(session, understood)


async def _apply(session: AsyncSession, text: Inbound) -> TextUnderstood:
    """A text that says neither STOP nor HELP may be a keyword; one that the carrier took for START
    is both. What may ask to stop is a question only where it is no keyword: "Alto"."""
    meaning = await stops.apply(session, text)
    if meaning in (Meaning.STOP, Meaning.HELP):
        return _event(text, meaning)
    match = await keyword_match.find(session, text.church_id, text.event.text)
    if match is None or not _is_phone(text):
        if meaning is Meaning.STOP_ASKED:
            await stops.ask(session, text)
        return _event(text, meaning)
    answer = await keyword_joins.apply(session, text, match)
    notify = await admins.present(session, text.church_id, match.notify)
    return _event(text, KEYWORD).model_copy(
        update={"keyword": match.word, "answer": answer, "notify": notify}
    )


def _is_phone(text: Inbound) -> bool:
    """A short code or a name is a machine, and takes no texts."""
    try:
        phone.parse(text.phones.open(text.event.sealed_sender))
    except InvalidPhone:
        return False
    return True


def _event(text: Inbound, meaning: str) -> TextUnderstood:
    event = text.event
    return TextUnderstood(
        id=uuid5(event.id, "understood"),
        church_id=text.church_id,
        carrier=event.carrier,
        carrier_message_id=event.carrier_message_id,
        received_at=event.received_at,
        to=event.to,
        sealed_sender=event.sealed_sender,
        phone_index=text.phone_index,
        meaning=meaning,
    )
