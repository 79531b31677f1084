"""Cached lists of a church, and when they are forgotten.

Whoever changes what a list shows (a thread, who is known on a phone, an opt-out, a label) calls
:func:`forget`. It takes effect after the commit and before the answer leaves, so whoever acted
reads their own change. A list that is being computed meanwhile is not kept
(``koinonia.common.cache``).
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import cache
from koinonia.common.web import KeptFor, kept

SECONDS = 60.0
"""So long, and as long again at the gateway, a list may be old if Redis was away when it
changed."""


def tag(church_id: UUID | str) -> str:
    return f"inbox:{church_id}"


def marks_tag(church_id: UUID | str, admin_id: UUID | str) -> str:
    return f"marks:{church_id}:{admin_id}"


KEPT = kept(tag("{church}"), marks_tag("{church}", "{admin}"), whose=KeptFor.ADMIN)
"""For the routes of lists and counts: each says what its admin has not read."""


def forget_marks(session: AsyncSession, church_id: UUID, admin_id: UUID) -> None:
    """Forget how far this person has read threads once this transaction has committed."""
    cache.invalidate_after(session, marks_tag(church_id, admin_id))


def forget(session: AsyncSession, church_id: UUID) -> None:
    """Forget the church's lists and counts once this transaction has committed."""
    cache.invalidate_after(session, tag(church_id))
