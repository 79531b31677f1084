"""A test text: what a broadcast would look like, on the phone of who is about to send it.

It goes the way of a broadcast to one person, with all that keeps people from unwanted texts. It is
a kind of message of its own, so nothing that counts or lists broadcasts takes it for one. Quiet
hours and the weekly budget are for texts that one did not ask for, and do not hold.
"""

from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.common.events.messaging import MessageKind
from koinonia.common.identity import Identity
from koinonia.common.phone import Phones
from koinonia.messaging.broadcasts.accepting import acceptance
from koinonia.messaging.broadcasts.accepting.errors import NotYourCard, TooManyTests
from koinonia.messaging.errors import NoSuchMember
from koinonia.messaging.messages import drafts
from koinonia.messaging.messages.own_test_schemas import AcceptedTest, SendTestRequest
from koinonia.messaging.messages.schemas import SendRequest
from koinonia.messaging.messages.weekly_budget import Priority
from koinonia.messaging.people.targets.target_schemas import TargetType

MOST = 20  # of one admin within 24 hours
A_DAY = timedelta(days=1)


class _Card(NamedTuple):
    email: str | None


class _Sent(NamedTuple):
    tests: int
    seconds: int | None  # until the earliest of them is a day old


async def create(
    session: AsyncSession, identity: Identity, request: SendTestRequest, phones: Phones
) -> AcceptedTest:
    """Text the admin what they have written. Raises ``NotYourCard``, ``TooManyTests``, and what a
    broadcast to that person would."""
    card = await _card(session, identity.church_id, request.member_id)
    if request.as_member_id:
        await _card(session, identity.church_id, request.as_member_id)
    _check_card(identity, card)
    draft = await drafts.from_request(session, identity.church_id, _to_oneself(request), phones)
    draft = replace(draft, kind=MessageKind.TEST, values_of=request.as_member_id)
    await _check_count(session, identity)
    made = await acceptance.make(session, identity.church_id, db.uuid7(), draft, identity.admin_id)
    return AcceptedTest(**dict(made))


def _to_oneself(request: SendTestRequest) -> SendRequest:
    return SendRequest.from_names(
        content=request.content,
        template_id=request.template_id,
        media_urls=request.media_urls,
        media_ids=request.media_ids,
        from_number_id=request.from_number_id,
        target_type=TargetType.INDIVIDUAL,
        target_ids=[request.member_id],
        priority=Priority.HIGH,
    )


def _check_card(identity: Identity, card: _Card) -> None:
    if not identity.email or not card.email:
        raise NotYourCard
    if card.email.strip().lower() != identity.email.strip().lower():
        raise NotYourCard


async def _card(session: AsyncSession, church_id: UUID, member_id: UUID) -> _Card:
    return await db.one(
        session,
        _Card,
        "SELECT email FROM members WHERE church_id = :church AND id = :id",
        {"church": church_id, "id": member_id},
        missing=NoSuchMember(details={"ids": [str(member_id)]}),
    )


async def _check_count(session: AsyncSession, identity: Identity) -> None:
    """One test of an admin is counted after the other, until the transaction ends."""
    await db.run(
        session,
        "SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))",
        {"key": f"tests:{identity.admin_id}"},
    )
    [sent] = await db.rows(
        session,
        _Sent,
        SENT,
        {
            "church": identity.church_id,
            "admin": identity.admin_id,
            "now": clock.now(),
            "since": clock.now() - A_DAY,
        },
    )
    if sent.tests >= MOST:
        raise TooManyTests.after(MOST, max(sent.seconds or 1, 1))


SENT = """
    SELECT count(*) AS tests,
           CAST(ceil(extract(epoch FROM min(created_at) + interval '1 day'
                                        - CAST(:now AS timestamptz))) AS integer) AS seconds
      FROM messages
     WHERE church_id = :church AND kind = 'test' AND created_by = :admin AND created_at > :since
"""
"""By ix_messages_church_id_created_at_id."""
