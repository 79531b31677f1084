"""Addresses of files: signed, of one church, valid for a while, and no session is needed.

Staff who look at a thread get one for an hour; it is the same within a quarter of an hour, so that
a browser asks once. The carrier's never changes: a repeated request must be the same request.
"""

from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from koinonia.common import clock
from koinonia.conversation.media.errors import FileLinkExpired, FileLinkForged
from koinonia.conversation.running import Running
from koinonia.media import links

FOR_STAFF = timedelta(hours=1)
SLOT = timedelta(minutes=15)
# A message may be scheduled for years by a rule. What is not kept any more is not found.
FOR_CARRIERS = timedelta(days=3650)
KEPT_UNSENT = timedelta(days=7)


def url(running: Running, church_id: UUID, file_id: UUID) -> str:
    """For staff of the church who look at the file now."""
    return _url(running, church_id, file_id, links.expiry(clock.now(), FOR_STAFF, SLOT))


def url_until_pruned(running: Running, church_id: UUID, file_id: UUID, created_at: datetime) -> str:
    """For everyone whom the upload may be sent to: valid while it is kept without being sent."""
    return _url(running, church_id, file_id, int((created_at + KEPT_UNSENT).timestamp()))


def url_for_carrier(running: Running, church_id: UUID, file_id: UUID, created_at: datetime) -> str:
    """For the carrier of any text that the upload is sent with, today or in years."""
    until = created_at + FOR_CARRIERS
    return _url(running, church_id, file_id, int(until.timestamp()))


def verified_church(
    running: Running, church_id: UUID | None, file_id: UUID, expires: int, signature: str
) -> UUID:
    """The church whose file it is; raises ``FileLinkForged`` or ``FileLinkExpired``."""
    if church_id is None:
        raise FileLinkForged
    subject = (str(church_id), str(file_id))
    try:
        running.media.links.verify(*subject, expires=expires, signature=signature, now=clock.now())
    except links.LinkForged:
        raise FileLinkForged from None
    except links.LinkExpired:
        raise FileLinkExpired from None
    return church_id


def _url(running: Running, church_id: UUID, file_id: UUID, expires: int) -> str:
    query = {
        "church": church_id,
        "expires": expires,
        "signature": running.media.links.sign(str(church_id), str(file_id), expires=expires),
    }
    return f"{running.settings.public_url}/api/files/{file_id}?{urlencode(query)}"
