"""What a keyword does: its sender comes into the group and agrees to its texts.

A keyword without a group only answers; it makes nobody a member and is no consent to anything.
"""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.messaging.composing.text_checks import tells_how_to_stop
from koinonia.messaging.inbound import answers, stops, wording
from koinonia.messaging.inbound.answers import About
from koinonia.messaging.inbound.stops import Inbound
from koinonia.messaging.keywords.keyword_match import Group, Match
from koinonia.messaging.people import unnamed_members
from koinonia.messaging.people.consent import ledger, ministries
from koinonia.messaging.people.consent.consent_state import State
from koinonia.messaging.people.consent.entries import ConsentKind


@dataclass(frozen=True, slots=True)
class Came:
    """What became of the phone. ``is_new``: it agreed to something for the first time."""

    state: State | None
    is_new: bool


async def apply(session: AsyncSession, text: Inbound, match: Match) -> str | None:
    """Do what the keyword asks for; returns what the church answers, unless the phone said STOP.

    A church that wrote no answer sends ours, because whoever agrees to texts must be told how to
    end them.
    """
    await ledger.lock_phone(session, text.church_id, text.phone_index)
    if match.group is None:
        state = await ledger.state(session, text.church_id, text.phone_index)
        return None if state and state.is_revoked else match.answer
    came = await _come(session, text, match, match.group)
    if came.state and came.state.is_revoked:
        return None
    if match.answer and came.is_new and not tells_how_to_stop(match.answer):
        return wording.with_way_out(match.answer)
    return match.answer


async def _come(session: AsyncSession, text: Inbound, match: Match, group: Group) -> Came:
    church_id, index = text.church_id, text.phone_index
    before = await ledger.state(session, church_id, index)
    lifted = match.lifts and stops.may_be_lifted(before)
    await unnamed_members.create(session, church_id, index, text.event.sealed_sender, text.phones)
    confirms = not match.answer and await _may_confirm(session, text, before, lifted)
    entry = text.entry(ConsentKind.GRANTED, group.id, is_answered=confirms)
    changed = await ministries.apply(session, church_id, entry)
    after = before
    if before is None or lifted:  # who asks for texts of one ministry agrees to texts
        grant = text.entry(ConsentKind.GRANTED, is_answered=False)
        after = (await ledger.append(session, church_id, [grant]))[index].after
    if changed and confirms:
        await _confirm(session, text, group, after)
    return Came(after, changed or before is None or lifted)


async def _may_confirm(
    session: AsyncSession, text: Inbound, before: State | None, lifted: bool
) -> bool:
    """A phone that the carrier blocks gets no confirmation."""
    if before and before.is_blocked and not lifted:
        return False
    return await answers.may_answer(
        session, text.church_id, text.event, text.phone_index, About.MINISTRY
    )


async def _confirm(session: AsyncSession, text: Inbound, group: Group, state: State | None) -> None:
    church = await answers.church_name(session, text.church_id)
    if state and state.is_revoked:
        words = wording.still_stopped(church, group.name)
    else:
        words = wording.joined(church, group.name, group.keyword)
    await answers.send(session, text.church_id, text.event, text.phone_index, About.MINISTRY, words)
