"""Who is known on a phone (events of messaging about members).

Of two members who were one person, the row of who is gone stands for who stays, on the phone that
the person has no more: what was said with it keeps a name. Events come in any order: who stays may
be known later, may be merged in turn, and may be removed; then nobody is known on that phone.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.events.messaging import (
    MemberCreated,
    MemberMerged,
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
         WHERE contacts.changed_at < excluded.changed_at AND contacts.stands_for IS NULL
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
    await _refresh(session, event.church_id, list(members))


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
         WHERE contacts.stands_for IS NULL
        """,
        given,
    )
    await _refresh(session, event.church_id, event.member_ids)
    await db.run(
        session,
        """
        DELETE FROM contact_groups
         WHERE church_id = :church AND member_id = ANY(CAST(:ids AS uuid[])) AND changed_at <= :at
        """,
        given,
    )


async def merge(session: AsyncSession, event: MemberMerged) -> None:
    """Let the row of who is gone, and the rows that stood for them, stand for who stays."""
    list_cache.forget(session, event.church_id)
    await lock_people(session)
    given = {"church": event.church_id, "member": event.member_id, "into": event.into}
    further = await db.values(
        session,
        UUID,
        """
        SELECT stands_for FROM contacts
         WHERE church_id = :church AND member_id = :into AND stands_for IS NOT NULL
        """,
        given,
    )
    given["into"] = next(iter(further), event.into)
    await db.run(
        session,
        """
        INSERT INTO contacts (church_id, member_id, stands_for, former_phone_index, changed_at)
        VALUES (:church, :member, :into, :former, :at)
        ON CONFLICT (church_id, member_id) DO UPDATE
           SET stands_for = excluded.stands_for, former_phone_index = excluded.former_phone_index,
               phone_sealed = NULL
        """,
        {**given, "former": event.dropped_phone_index, "at": event.occurred_at},
    )
    await db.run(
        session,
        "UPDATE contacts SET stands_for = :into WHERE church_id = :church AND stands_for = :member",
        given,
    )
    await _refresh(session, event.church_id, [given["into"]])


async def _refresh(session: AsyncSession, church_id: UUID, member_ids: Collection[UUID]) -> None:
    """Give the rows that stand for these members the names of now (ix_contacts_stands_for). A phone
    that the person has again, or dropped twice, shows them once."""
    await db.run(
        session,
        """
        UPDATE contacts AS own
           SET first_name = now_is.first_name, last_name = now_is.last_name,
               phone_index = now_is.phone_index
          FROM (SELECT former.member_id, who.first_name, who.last_name,
                       CASE WHEN former.former_phone_index <> who.phone_index
                             AND former.member_id = first_value(former.member_id) OVER (
                                 PARTITION BY former.stands_for, former.former_phone_index
                                     ORDER BY former.member_id)
                            THEN former.former_phone_index END AS phone_index
                  FROM contacts AS former
                  LEFT JOIN contacts AS who
                    ON who.church_id = :church AND who.member_id = former.stands_for
                 WHERE former.church_id = :church
                   AND former.stands_for = ANY(CAST(:ids AS uuid[]))) AS now_is
         WHERE own.church_id = :church AND own.member_id = now_is.member_id
           AND (own.first_name, own.last_name, own.phone_index)
               IS DISTINCT FROM (now_is.first_name, now_is.last_name, now_is.phone_index)
        """,
        {"church": church_id, "ids": list(member_ids)},
    )
