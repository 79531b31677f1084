"""The audit trail: who did what, when, from where. The service's role can only add to it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.common.events.messaging import MessageQuietHoursOverridden


class Action(StrEnum):
    """The actions that are recorded."""

    REGISTERED = "church.registered"
    VERIFIED = "church.verified"
    LOGGED_IN = "admin.logged_in"
    LOGIN_FAILED = "admin.login_failed"
    SIGN_IN_SLOWED = "admin.sign_in_slowed"  # many wrong passwords; from here on each waits
    PASSWORD_FORGOTTEN = "admin.password_forgotten"  # noqa: S105 - names, not secrets
    PASSWORD_RESET = "admin.password_reset"  # noqa: S105
    PASSWORD_CHANGED = "admin.password_changed"  # noqa: S105
    ADDRESS_PROVED = "admin.address_proved"
    ADDRESS_CHANGE_ASKED = "admin.address_change_asked"
    ADDRESS_CHANGED = "admin.address_changed"
    ADDRESS_LOST = "admin.address_lost"  # it proved to be somebody else's
    LOGGED_OUT = "admin.logged_out"
    TOKEN_REUSED = "session.token_reused"  # noqa: S105 - a name, not a secret
    INVITED = "admin.invited"
    INVITATION_REVOKED = "invitation.revoked"
    JOINED = "admin.joined"
    ADMIN_UPDATED = "admin.updated"
    ADMIN_REMOVED = "admin.removed"
    CHURCH_UPDATED = "church.updated"
    QUIET_HOURS_OVERRIDDEN = "message.quiet_hours_overridden"


async def record(
    session: AsyncSession,
    action: Action,
    church_id: UUID,
    admin_id: UUID | None,
    address: str | None,
    at: datetime | None = None,
    **details: object,
) -> None:
    """Add an entry, of now or of ``at``; none for a church that does not exist. Without an
    ``admin_id`` it was an operator. ``details`` must
    hold no secret."""
    await db.run(
        session,
        """
        INSERT INTO audit_entries (id, church_id, admin_id, action, address, at, details)
        SELECT :id, churches.id, :admin, :action, :address, :now, CAST(:details AS jsonb)
          FROM churches WHERE churches.id = :church
        """,
        {
            "id": db.uuid7(),
            "church": church_id,
            "admin": admin_id,
            "action": action,
            "address": address,
            "now": at or clock.now(),
            "details": orjson.dumps(details, default=str).decode(),
        },
    )


async def record_override(session: AsyncSession, event: MessageQuietHoursOverridden) -> None:
    """Record that an owner had texts sent in quiet hours."""
    await record(
        session,
        Action.QUIET_HOURS_OVERRIDDEN,
        event.church_id,
        event.admin_id,
        None,
        event.occurred_at,
        message_id=event.message_id,
        reason=event.reason,
    )
