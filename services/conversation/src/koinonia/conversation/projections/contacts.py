"""Who is known on a phone (events of messaging about members)."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.events.messaging import (
    MemberCreated,
    MemberRemoved,
    MemberSnapshot,
    MemberUpdated,
)
from koinonia.conversation import list_cache


async def lock_people(session: AsyncSession) -> None:
    """Let nobody else change the church's contacts and groups until the commit.

    Who is in which group decides where threads are listed, through three tables; two transactions
    that change one each would not see what the other writes. A trigger takes this lock at every
    change of ``contacts`` and ``contact_groups``; taken first, it makes all that is read afterwards
    current. Take it before a thread is locked: its holder goes on to lock threads.
    """
    await db.run(session, "SELECT lock_people()")


async def record(session: AsyncSession, event: MemberCreated | MemberUpdated) -> None:
    """Record up to 500 members, each unless something newer is known of them."""
    members: dict[UUID, MemberSnapshot] = {member.member_id: member for member in event.members}
    list_cache.forget(session, event.church_id)
    await db.run(
        session,
        """
        INSERT INTO contacts (church_id, member_id, first_name, last_name, phone_sealed,
                              phone_index, changed_at)
        SELECT :church, member_id, first_name, last_name, phone_sealed, phone_index, :at
          FROM unnest(CAST(:ids AS uuid[]), CAST(:first_names AS text[]),
                      CAST(:last_names AS text[]), CAST(:sealed AS text[]),
                      CAST(:indexes AS text[]))
               AS given (member_id, first_name, last_name, phone_sealed, phone_index)
         ORDER BY member_id
        ON CONFLICT (church_id, member_id) DO UPDATE
           SET first_name = excluded.first_name, last_name = excluded.last_name,
               phone_sealed = excluded.phone_sealed, phone_index = excluded.phone_index,
               changed_at = excluded.changed_at
         WHERE contacts.changed_at < excluded.changed_at
        """,
        {
            "church": event.church_id,
            "at": event.occurred_at,
            "ids": list(members),
            "first_names": [member.first_name for member in members.values()],
            "last_names": [member.last_name for member in members.values()],
            "sealed": [member.sealed_phone for member in members.values()],
            "indexes": [member.phone_index for member in members.values()],
        },
    )


async def remove(session: AsyncSession, event: MemberRemoved) -> None:
    """Keep nothing but the ids: with them a late ``member.created`` does not bring them back."""
    list_cache.forget(session, event.church_id)
    given = {"church": event.church_id, "at": event.occurred_at, "ids": event.member_ids}
    await lock_people(session)
    await db.run(
        session,
        """
        INSERT INTO contacts (church_id, member_id, changed_at)
        SELECT :church, member_id, :at
          FROM (SELECT DISTINCT unnest(CAST(:ids AS uuid[]))) AS given (member_id)
         ORDER BY member_id
        ON CONFLICT (church_id, member_id) DO UPDATE
           SET first_name = NULL, last_name = NULL, phone_sealed = NULL, phone_index = NULL,
               changed_at = excluded.changed_at
        """,
        given,
    )
    await db.run(
        session,
        """
        DELETE FROM contact_groups
         WHERE church_id = :church AND member_id = ANY(CAST(:ids AS uuid[])) AND changed_at <= :at
        """,
        given,
    )
