"""A stored file, from its row and from the store."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from koinonia.conversation.media import files
from koinonia.conversation.media.errors import NoSuchFile, StoreNotReached
from koinonia.conversation.media.files import Status
from koinonia.conversation.media.showing import Span
from koinonia.conversation.running import Running
from koinonia.media.store import NoSuchObject, StoreAway


async def stored(running: Running, church_id: UUID, file_id: UUID) -> Any:
    """The row of a file that can be shown. Its transaction is over before a byte is sent."""
    async with running.database.transaction(church_id, read_only=True) as session:
        row = await files.one(session, church_id, file_id)
    if row is None or row.status != Status.STORED:
        raise NoSuchFile
    return row


async def opened(running: Running, row: Any, span: Span | None) -> AsyncIterator[bytes]:
    """What the store holds of it; failures are told before the answer begins."""
    try:
        found = await running.media.store.open(row.store_key, span)
    except NoSuchObject:
        raise NoSuchFile from None
    except StoreAway:
        raise StoreNotReached from None
    content: AsyncIterator[bytes] = found.content
    return content
