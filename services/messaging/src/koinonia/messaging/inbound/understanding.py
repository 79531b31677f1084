"""What a text to a church means: STOP, START or HELP, a keyword, or an answer to a broadcast. Each
text is understood once.
"""

from collections.abc import Collection, Sequence
from itertools import groupby
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
from koinonia.messaging.inbound.heard_phones import HeardPhone
from koinonia.messaging.inbound.stops import Inbound
from koinonia.messaging.keywords import admins, keyword_match
from koinonia.messaging.messages import broadcast_responses, last_broadcast
from koinonia.messaging.messages.broadcast_responses import Response
from koinonia.messaging.messages.last_broadcast import Broadcast, Reader
from koinonia.messaging.numbers import number_routes
from koinonia.messaging.numbers.number_routes import Asked
from koinonia.messaging.people.optout.meaning import Meaning
from koinonia.messaging.running import Running

log = structlog.get_logger()

KEYWORD = "keyword"


async def understand(
    running: Running, session: AsyncSession, events: Sequence[CarrierMessageReceived]
) -> None:
    """Do what texts ask for and publish what they mean, together with the broadcast that each
    person was sent last. Its church is the one that owned the number when the text came; a group
    text may be for several. Whatever it says, its sender says it, and nobody else of the group."""
    texts = await _of_churches(session, events, running.phones)
    await _understand(session, texts)


async def understand_words(running: Running, session: AsyncSession, event: WordsFound) -> None:
    """The same of words that came as a part of a text."""
    await _understand(session, [_inbound(event.church_id, event, running.phones)])


async def _of_churches(
    session: AsyncSession, events: Sequence[CarrierMessageReceived], phones: Phones
) -> list[Inbound]:
    numbers = [group_texts.numbers(event, phones) for event in events]
    asked = [
        Asked(number, event.received_at)
        for event, own in zip(events, numbers, strict=True)
        for number in own
    ]
    known = await number_routes.owners(session, asked)
    texts: list[Inbound] = []
    for event, own in zip(events, numbers, strict=True):
        times = {number: Asked(number, event.received_at) for number in own}
        owners = {number: known[time] for number, time in times.items() if time in known}
        if not owners:
            log.warning("inbound.number_unknown", carrier_message_id=event.carrier_message_id)
        texts += [
            _inbound(church_id, each, phones)
            for church_id, each in group_texts.of_churches(event, owners, phones)
        ]
    return texts


def _inbound(church_id: UUID, event: Heard, phones: Phones) -> Inbound:
    index = phones.index(church_id, phones.open(event.sealed_sender))
    return Inbound(church_id, event, index, phones)


async def _understand(session: AsyncSession, texts: Sequence[Inbound]) -> None:
    """The churches come in the order of their ids, and each church's texts as they came."""
    if not texts:
        return
    await heard_phones.record_all(
        session,
        [HeardPhone(each.church_id, each.phone_index, each.event.received_at) for each in texts],
    )
    found: list[TextUnderstood] = []
    ordered = sorted(texts, key=lambda text: text.church_id)
    for church_id, group in groupby(ordered, key=lambda text: text.church_id):
        await db.enter_church(session, church_id)
        found += await _understand_of_church(session, church_id, list(group))
    await outbox.add(session, *found)


async def _understand_of_church(
    session: AsyncSession, church_id: UUID, texts: Sequence[Inbound]
) -> list[TextUnderstood]:
    keywords = await keyword_match.known(session, church_id, [each.event.text for each in texts])
    understood = [await _apply(session, each, keywords) for each in texts]
    sent = await last_broadcast.sent_to_each(
        session,
        church_id,
        [Reader(each.phone_index, each.event.to, each.event.received_at) for each in texts],
    )
    answered = list(zip(understood, sent, strict=True))
    await broadcast_responses.record(
        session,
        church_id,
        [
            Response(last.id, each.phone_index, each.meaning, each.received_at)
            for each, last in answered
            if last
        ],
    )
    return [_answering(each, last) if last else each for each, last in answered]


def _answering(event: TextUnderstood, last: Broadcast) -> TextUnderstood:
    said = {"message_id": last.id, "message_text": last.text, "message_sent_at": last.sent_at}
    return event.model_copy(update=said)


async def _apply(session: AsyncSession, text: Inbound, keywords: Collection[str]) -> TextUnderstood:
    """A text that says neither STOP nor HELP may be a keyword; one that the carrier took for START
    is both. What may ask to stop is a question only where it is no keyword: "Alto". ``keywords``
    are those of the church that its texts may be."""
    meaning = await stops.apply(session, text)
    if meaning in (Meaning.STOP, Meaning.HELP):
        return _event(text, meaning)
    match = await keyword_match.find(session, text.church_id, text.event.text, keywords)
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
