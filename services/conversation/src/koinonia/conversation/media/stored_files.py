"""A stored file, from its row and from the store."""

from collections.abc import AsyncIterator
from uuid import UUID

from koinonia.conversation.media import file_rows
from koinonia.conversation.media.errors import NoSuchFile, StoreNotReached
from koinonia.conversation.media.file_responses import Span
from koinonia.conversation.media.file_rows import StoredFile
from koinonia.conversation.running import Running
from koinonia.media.store import NoSuchObject, StoreAway


async def stored_file(running: Running, church_id: UUID, file_id: UUID) -> StoredFile:
    """A file that can be shown. Its transaction is over before a byte is sent."""
    async with running.database.transaction(church_id, read_only=True) as session:
        file = await file_rows.stored(session, church_id, file_id)
    if file is None:
        raise NoSuchFile
    return file


async def open_content(
    running: Running, file: StoredFile, span: Span | None
) -> AsyncIterator[bytes]:
    """The content from the store; raises before the answer begins."""
    try:
        found = await running.media.store.open(file.store_key, span)
    except NoSuchObject:
        raise NoSuchFile from None
    except StoreAway:
        raise StoreNotReached from None
    return found.content
