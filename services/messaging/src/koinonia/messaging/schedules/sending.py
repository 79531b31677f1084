"""Accepting what staff send: now, or later where a time is named."""

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common.identity import Identity
from koinonia.common.phone import Phones
from koinonia.messaging.broadcasts.accepting import acceptance
from koinonia.messaging.messages.schemas import Accepted, SendRequest
from koinonia.messaging.schedules import requested_time, schedules


async def accept(
    session: AsyncSession, identity: Identity, request: SendRequest, phones: Phones
) -> Accepted:
    """A message now, or a schedule."""
    if requested_time.is_given(request):
        return await schedules.accept(session, identity, request, phones)
    return await acceptance.create(session, identity, request, phones)
