"""Replies that staff send now."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.identity import Identity
from koinonia.conversation.replies import canned_replies, outgoing_lines
from koinonia.conversation.replies.outgoing_lines import Outgoing
from koinonia.conversation.replies.recipients import Target
from koinonia.conversation.threads.media_summary import Summary
from koinonia.conversation.threads.vocabulary import LineSource


async def create(
    session: AsyncSession,
    admin: Identity,
    target: Target,
    content: str,
    media_urls: Sequence[str],
    *,
    shortcut: str | None = None,
    media: Summary | None = None,
) -> Outgoing:
    """Accept a reply; ``shortcut`` names the canned one that takes the place of ``content``."""
    if shortcut is None:
        outgoing_lines.check(content, media_urls)
    else:
        canned = await canned_replies.by_shortcut(session, admin.church_id, shortcut)
        content = canned.content
    if obstacle := await outgoing_lines.obstacle(session, target.thread):
        raise obstacle
    return await outgoing_lines.post(
        session,
        target.thread,
        content,
        media_urls,
        source=LineSource.STAFF,
        message_id=db.uuid7(),
        admin_id=admin.admin_id,
        media=media,
        is_new=target.is_new,
    )
