"""The link by which a mail program ends the mail of notifications, without a session (RFC 8058)."""

import base64
import binascii
import hmac
from uuid import UUID

from koinonia.auth.errors import LinkInvalid
from koinonia.auth.macs import Macs, Purpose
from koinonia.auth.notifications import preferences
from koinonia.auth.notifications.defaults import Choice, MailWhen
from koinonia.auth.running import Running
from koinonia.common import db


def token(macs: Macs, church_id: UUID, admin_id: UUID) -> str:
    """Good for this person's mail and for nothing else, for as long as the keys are."""
    who = church_id.bytes + admin_id.bytes
    proof = macs.digest(Purpose.UNSUBSCRIBE, who)
    return base64.urlsafe_b64encode(who + proof).decode().rstrip("=")


async def stop_mail(running: Running, given: str) -> None:
    """Mail no notifications to them any more. Raises ``LinkInvalid``."""
    church_id, admin_id = _owner(running.macs, given)
    async with running.database.transaction(church_id) as session:
        if not await db.exists(session, "SELECT 1 FROM admins WHERE id = :id", {"id": admin_id}):
            raise LinkInvalid
        known = await preferences.own(session, admin_id)
        without = {kind: Choice(each.in_app, MailWhen.OFF) for kind, each in known.choices.items()}
        await preferences.choose(session, church_id, admin_id, without)


def _owner(macs: Macs, given: str) -> tuple[UUID, UUID]:
    try:
        raw = base64.b64decode(given + "=" * (-len(given) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise LinkInvalid from None
    who, proof = raw[:32], raw[32:]
    if not any(hmac.compare_digest(each, proof) for each in macs.digests(Purpose.UNSUBSCRIBE, who)):
        raise LinkInvalid
    return UUID(bytes=who[:16]), UUID(bytes=who[16:])
