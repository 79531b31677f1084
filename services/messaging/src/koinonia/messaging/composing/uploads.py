"""Pictures and files that staff uploaded: a copy of what conversation says of them, and what uses
them here.

Conversation keeps an upload as long as something refers to it, so whatever begins or ceases to use
some says so (:func:`use`).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, outbox
from koinonia.common.events.conversation import UploadForgotten, UploadStored
from koinonia.common.events.messaging import UploadsReferenced
from koinonia.messaging.composing.errors import FilesTooLarge, NoSuchUpload

MOST_BYTES = 1_000_000  # of all files of one text (Telnyx refuses more with 40317)
PATH = "/api/files/"

# A client may send the moment its upload is answered, before we have heard of it.
NEW = timedelta(seconds=30)
LOOKS = 20
BETWEEN_LOOKS = 0.1  # seconds
_turn = asyncio.Semaphore(1)  # a made-up id holds up one connection at the most, and for so long


@dataclass(frozen=True, slots=True)
class Media:
    """What goes out with a text: addresses for the carrier, and the uploads among them."""

    urls: Sequence[str]
    ids: Sequence[UUID]


class _Upload(NamedTuple):
    id: UUID
    bytes: int
    url: str


async def record(session: AsyncSession, event: UploadStored) -> None:
    await db.run(
        session,
        """
        INSERT INTO uploads (church_id, id, bytes, content_type, url, kept_until)
        VALUES (:church, :id, :bytes, :type, :url, :until) ON CONFLICT DO NOTHING
        """,
        {
            "church": event.church_id,
            "id": event.media_id,
            "bytes": event.bytes,
            "type": event.content_type,
            "url": event.url,
            "until": event.kept_until,
        },
    )


async def forget(session: AsyncSession, event: UploadForgotten) -> None:
    await db.run(
        session,
        "DELETE FROM uploads WHERE church_id = :church AND id = :id",
        {"church": event.church_id, "id": event.media_id},
    )


async def media(
    session: AsyncSession, church_id: UUID, urls: Sequence[str], ids: Sequence[UUID]
) -> Media:
    """The files of a text: public addresses, then uploads. The address of an upload stands for the
    upload, so that it is kept as well. Raises ``NoSuchUpload`` and ``FilesTooLarge``."""
    own = {url: file_id for url in urls if (file_id := _own(url, church_id))}
    if not own and not ids:
        return Media(urls, ())
    found = await _known(session, church_id, ids)
    found |= await _stored(session, church_id, [each for each in own.values() if each not in found])
    used = list(dict.fromkeys([own[url] for url in urls if own.get(url) in found] + list(ids)))
    if sum(found[each].bytes for each in used) > MOST_BYTES:
        raise FilesTooLarge
    addresses = [found[own[url]].url if own.get(url) in found else url for url in urls]
    return Media([*addresses, *(found[each].url for each in ids)], used)


async def use(
    session: AsyncSession, church_id: UUID, holder_id: UUID, media_ids: Sequence[UUID]
) -> None:
    """A message, a schedule or a template uses these uploads from now on, and no others."""
    await db.run(
        session,
        """
        UPDATE uploads SET is_used = true
         WHERE church_id = :church AND id = ANY(CAST(:ids AS uuid[])) AND NOT is_used
        """,
        {"church": church_id, "ids": list(media_ids)},
    )
    await outbox.add(
        session,
        UploadsReferenced(church_id=church_id, holder_id=holder_id, media_ids=tuple(media_ids)),
    )


async def _known(
    session: AsyncSession, church_id: UUID, ids: Sequence[UUID]
) -> dict[UUID, _Upload]:
    """These uploads, as soon as we have heard of them; raises ``NoSuchUpload``."""
    found = await _stored(session, church_id, ids)
    missing = set(ids) - found.keys()
    if missing and all(map(_is_new, missing)) and not _turn.locked():
        async with _turn:
            for _ in range(LOOKS):
                await asyncio.sleep(BETWEEN_LOOKS)  # for the event of the upload
                found = await _stored(session, church_id, ids)
                if not set(ids) - found.keys():
                    break
    if set(ids) - found.keys():
        raise NoSuchUpload
    return found


async def _stored(
    session: AsyncSession, church_id: UUID, ids: Sequence[UUID]
) -> dict[UUID, _Upload]:
    if not ids:
        return {}
    rows = await db.rows(
        session,
        _Upload,
        """
        SELECT id, bytes, url FROM uploads
         WHERE church_id = :church AND id = ANY(CAST(:ids AS uuid[]))
           AND (is_used OR kept_until > :now)
        """,
        {"church": church_id, "ids": list(ids), "now": clock.now()},
    )
    return {row.id: row for row in rows}


def _is_new(media_id: UUID) -> bool:
    """Whether the id (RFC 9562, version 7) was made a moment ago."""
    made = (media_id.int >> 80) / 1000  # seconds since 1970
    return media_id.version == 7 and abs(clock.now().timestamp() - made) < NEW.total_seconds()


def _own(url: str, church_id: UUID) -> UUID | None:
    """The upload whose address this looks like."""
    parts = urlsplit(url)
    if not parts.path.startswith(PATH) or parse_qs(parts.query).get("church") != [str(church_id)]:
        return None
    try:
        return UUID(parts.path.removeprefix(PATH))
    except ValueError:
        return None
