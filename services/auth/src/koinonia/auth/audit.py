"""The audit trail: who did what, on what, when, from where. The service's role can only add to it.

Auth writes its own entries in the transaction of what they are about; what others did comes as
their ``action_taken`` event.
"""

from enum import StrEnum
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.common.events.actions import ActionTaken, Actor, Detail
from koinonia.common.events.messaging import MessageQuietHoursOverridden
from koinonia.common.web.addresses import network_around


class Action(StrEnum):
    """The actions of auth that are recorded."""

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
    CODE_WRONG = "admin.code_wrong"
    SECOND_FACTOR_ON = "admin.second_factor_on"
    SECOND_FACTOR_OFF = "admin.second_factor_off"
    SECOND_FACTOR_REQUIRED = "church.second_factor_required"
    LOGGED_OUT = "admin.logged_out"
    SESSION_ENDED = "session.ended"  # by its owner, from another one
    TOKEN_REUSED = "session.token_reused"  # noqa: S105 - a name, not a secret
    INVITED = "admin.invited"
    INVITATION_REVOKED = "invitation.revoked"
    JOINED = "admin.joined"
    ADMIN_UPDATED = "admin.updated"
    ADMIN_REMOVED = "admin.removed"
    CHURCH_UPDATED = "church.updated"
    ACCOUNT_FOUND = "operator.searched"
    RESET_LINK_MAILED = "operator.reset_mailed"
    SESSIONS_ENDED = "operator.sessions_ended"
    QUIET_HOURS_OVERRIDDEN = "message.quiet_hours_overridden"


async def record(
    session: AsyncSession,
    action: Action,
    church_id: UUID,
    admin_id: UUID | None,
    address: str | None,
    thing_id: UUID | None = None,
    **details: Detail,
) -> None:
    """Add an entry of somebody of the team; ``details`` must hold no secret, phone or text."""
    taken = ActionTaken(
        church_id=church_id,
        occurred_at=clock.now(),
        action=action,
        actor_id=admin_id,
        thing_id=thing_id,
        address=network_around(address),
        details=details,
    )
    await record_action(session, taken)


async def record_operator(
    session: AsyncSession,
    action: Action,
    church_id: UUID,
    operator: str | None,
    thing_id: UUID | None,
) -> None:
    """Add an entry of an ``operator``, by the name that they gave."""
    taken = ActionTaken(
        church_id=church_id,
        occurred_at=clock.now(),
        action=action,
        actor=Actor.OPERATOR,
        actor_name=operator,
        thing_id=thing_id,
    )
    await record_action(session, taken)


async def record_action(session: AsyncSession, taken: ActionTaken) -> None:
    """Add an entry, once for each id; none for a church that does not exist."""
    await db.run(
        session,
        """
        INSERT INTO audit_entries
            (id, church_id, actor, actor_id, actor_name, action, thing_id, address, at, details)
        SELECT :id, churches.id, :actor, :actor_id, :actor_name, :action, :thing, :address, :at,
               CAST(:details AS jsonb)
          FROM churches WHERE churches.id = :church
        ON CONFLICT (id) DO NOTHING
        """,
        {
            "id": taken.id,
            "church": taken.church_id,
            "actor": taken.actor,
            "actor_id": taken.actor_id,
            "actor_name": taken.actor_name,
            "action": taken.action,
            "thing": taken.thing_id,
            "address": taken.address,
            "at": taken.occurred_at,
            "details": orjson.dumps(taken.details).decode(),
        },
    )


async def record_override(session: AsyncSession, event: MessageQuietHoursOverridden) -> None:
    """Record that an owner had texts sent in quiet hours."""
    taken = ActionTaken(
        id=event.id,
        church_id=event.church_id,
        occurred_at=event.occurred_at,
        action=Action.QUIET_HOURS_OVERRIDDEN,
        actor_id=event.admin_id,
        thing_id=event.message_id,
        details={"reason": event.reason},
    )
    await record_action(session, taken)


async def prune(session: AsyncSession) -> int:
    """Forget entries that are five years old, up to 10,000 at once; returns how many."""
    return await db.count(session, "SELECT forget_audit_entries()")
