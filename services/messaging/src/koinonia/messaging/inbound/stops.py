"""STOP, START and HELP: what a text says about being texted goes into the ledger and is answered.
A text that may ask to stop opens a question (``ask``).

The entry and our answer are written in the transaction that takes the text in. A match of the
carrier outranks ours: the carrier acted on it, and answered.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock
from koinonia.common.phone import Phones
from koinonia.messaging.inbound import answers, wording
from koinonia.messaging.inbound.answers import About, Heard
from koinonia.messaging.people.consent import (
    consent_state,
    ledger,
    ministries,
    sealed_words,
    stop_questions,
)
from koinonia.messaging.people.consent.consent_state import State
from koinonia.messaging.people.consent.entries import ConsentKind, ConsentMethod, Entry
from koinonia.messaging.people.consent.ministries import Ministry
from koinonia.messaging.people.optout import meaning
from koinonia.messaging.people.optout.meaning import Meaning


@dataclass(frozen=True, slots=True)
class Inbound:
    """A text that may say something about being texted."""

    church_id: UUID
    event: Heard
    phone_index: str
    phones: Phones

    @property
    def by_carrier(self) -> bool:
        return self.event.opt_out_type is not None

    def entry(self, kind: ConsentKind, scope: UUID | None = None, *, is_answered: bool) -> Entry:
        return Entry(
            phone_index=self.phone_index,
            phone_sealed=self.event.sealed_sender,
            kind=kind,
            method=ConsentMethod.KEYWORD,
            at=self.event.received_at,
            scope=scope,
            words=sealed_words.sealed(self.phones, self.event.text),
            event_id=self.event.id,
            answer_id=answers.answer_id(self.event) if is_answered else None,
            by_carrier=self.by_carrier,
        )


async def apply(session: AsyncSession, text: Inbound) -> Meaning:
    """Do what the text asks for, if it is a STOP, START or HELP. Returns what it was taken for:
    STOP, START, HELP or NONE, or STOP_ASKED, which is for ``ask`` to carry out."""
    said, word = _meaning(text.event), ministries.word_after_stop(text.event.text)
    if said in (Meaning.NONE, Meaning.STOP_ASKED) and word is None:
        return said
    church_id = text.church_id
    await ledger.lock_phone(session, church_id, text.phone_index)
    if word and (ministry := await ministries.by_keyword(session, church_id, word)):
        await _leave(session, text, ministry)
        return Meaning.STOP
    if said.stops:
        await _stop(session, text)
        return Meaning.STOP
    if word and await ministries.is_name(session, church_id, word):
        return Meaning.STOP_ASKED  # "Stop Choir" where the choir has no keyword: of what?
    if said in (Meaning.START, Meaning.START_IF_OPTED_OUT):
        return await _start(session, text, is_plain=said is Meaning.START)
    if said is Meaning.HELP:
        await _help(session, text)
    return said


def _meaning(event: Heard) -> Meaning:
    own = meaning.meaning(event.text)
    matched = Meaning(event.opt_out_type.lower()) if event.opt_out_type else None
    return own if matched is None or (matched is Meaning.HELP and own.stops) else matched


async def ask(session: AsyncSession, text: Inbound) -> None:
    """Open a question about a text that may ask to stop, unless the phone has opted out or has
    said something clear since."""
    church_id, index = text.church_id, text.phone_index
    await ledger.lock_phone(session, church_id, index)
    asked = text.entry(ConsentKind.ASKED, is_answered=False)
    history = await ledger.history(session, church_id, index)
    await ledger.write(session, church_id, [asked])
    state = consent_state.replay(history)
    is_over = any(
        each.method.is_own and each.kind.decides and each.at > asked.at and each.scope is None
        for each in history
    )
    if is_over or (state and state.is_revoked):
        return
    event = text.event
    await stop_questions.open_one(
        session, church_id, asked, event.carrier, event.carrier_message_id
    )


async def _stop(session: AsyncSession, text: Inbound) -> None:
    """End all texts. It is confirmed once: not when the phone has said so before, and not when a
    START that was said later came in earlier."""
    before, after = await _states(session, text, ConsentKind.REVOKED)
    known = before is not None and before.is_revoked and before.is_own
    answered = after.is_revoked and not known and not text.by_carrier
    answered = answered and await _may_answer(session, text, About.STOP)
    await _append(session, text, ConsentKind.REVOKED, is_answered=answered)
    if answered:
        await _answer(session, text, About.STOP, wording.stopped(await _church(session, text)))


async def _start(session: AsyncSession, text: Inbound, *, is_plain: bool) -> Meaning:
    """Texts again. A bare YES may answer some question: it counts only while the phone is opted
    out, and not where the carrier blocks it as well, because only START and UNSTOP end that."""
    before, after = await _states(session, text, ConsentKind.GRANTED)
    if not is_plain and not text.by_carrier and not may_be_lifted(before):
        return Meaning.NONE
    stopped = before is not None and before.is_revoked
    answered = (before is None or stopped) and not after.is_revoked and not text.by_carrier
    answered = answered and await _may_answer(session, text, About.START)
    confirms = before is not None and not stopped and not before.is_own
    kind = ConsentKind.CONFIRMED if confirms else ConsentKind.GRANTED
    await _append(session, text, kind, is_answered=answered)
    if answered:
        words = wording.started(await _church(session, text), again=stopped)
        await _answer(session, text, About.START, words)
    return Meaning.START


def may_be_lifted(state: State | None) -> bool:
    return state is not None and state.is_revoked and not state.is_blocked


async def _help(session: AsyncSession, text: Inbound) -> None:
    """Answer who we are, whom to ask and how to end texts; to a phone that is opted out once a
    day."""
    church_id, index = text.church_id, text.phone_index
    if text.by_carrier or not await _may_answer(session, text, About.HELP):
        return
    known = await ledger.state(session, church_id, index)
    since = clock.now() - answers.HELP_WHILE_STOPPED
    if known and known.is_revoked and await answers.helped_since(session, church_id, index, since):
        return
    contact = await answers.help_contact(session, church_id)
    words = wording.helped(await _church(session, text), contact)
    await _answer(session, text, About.HELP, words)


async def _leave(session: AsyncSession, text: Inbound, ministry: Ministry) -> None:
    """End the texts of one ministry."""
    known = await ledger.state(session, text.church_id, text.phone_index)
    may = not (known and known.is_revoked) and await _may_answer(session, text, About.MINISTRY)
    entry = text.entry(ConsentKind.REVOKED, ministry.id, is_answered=may)
    if await ministries.apply(session, text.church_id, entry) and may:
        words = wording.left(await _church(session, text), ministry.name, ministry.keyword)
        await _answer(session, text, About.MINISTRY, words)


async def _states(
    session: AsyncSession, text: Inbound, kind: ConsentKind
) -> tuple[State | None, State]:
    """The state of the phone without this text, and with it."""
    history = await ledger.history(session, text.church_id, text.phone_index)
    after = consent_state.replay([*history, text.entry(kind, is_answered=False)])
    assert after is not None
    return consent_state.replay(history), after


async def _append(
    session: AsyncSession, text: Inbound, kind: ConsentKind, *, is_answered: bool
) -> None:
    await ledger.append(session, text.church_id, [text.entry(kind, is_answered=is_answered)])


async def _may_answer(session: AsyncSession, text: Inbound, about: About) -> bool:
    return await answers.may_answer(session, text.church_id, text.event, text.phone_index, about)


async def _answer(session: AsyncSession, text: Inbound, about: About, words: str) -> None:
    await answers.send(session, text.church_id, text.event, text.phone_index, about, words)


async def _church(session: AsyncSession, text: Inbound) -> str:
    return await answers.church_name(session, text.church_id)
