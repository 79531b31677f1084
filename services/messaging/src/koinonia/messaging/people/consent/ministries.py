"""STOP YOUTH: who leaves one ministry and stays with the church.

A group may have a keyword. STOP and the keyword ends its texts to the phone, whoever adds its
people to the group later; START and the keyword brings them back. STOP alone is everything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.messaging.people import names
from koinonia.messaging.people.consent import deriving, ledger
from koinonia.messaging.people.consent.entries import Entry
from koinonia.messaging.people.optout import meaning, plain
from koinonia.messaging.people.optout.meaning import Meaning

LEAVES = {"stop", "leave", "unsubscribe", "unsub", "quit", "end", "cancel"}
JOINS = {"start", "join", "unstop"}
POLITE = {"please", "pls", "plz", "thanks", "thank", "you", "hi", "hello"}
GENERAL = {"group", "ministry", "team", "texts", "text", "messages", "list"}
RESERVED = LEAVES | JOINS | POLITE | GENERAL | {"all", "yes", "no", "help", "info"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A verb and what may be a keyword."""

    leaves: bool
    keyword: str  # as compared


def key(keyword: str) -> str:
    """A keyword as it is compared: no case, no accents, no look-alikes."""
    return plain.words(keyword)


def is_reserved(keyword: str) -> bool:
    """Whether the word means something by itself, or after STOP or START."""
    texts = (keyword, f"stop {keyword}", f"start {keyword}")
    return key(keyword) in RESERVED or any(
        meaning.meaning(text.casefold()) is not Meaning.NONE for text in texts
    )


def asked(text: str) -> Asked | None:
    """ "Stop Youth, please" is STOP and "youth"; None for a text of another form."""
    line = plain.words(text.strip().partition("\n")[0]).split()
    words = [word for word in line if word not in POLITE]
    if len(words) == 3 and words[2] in GENERAL:
        words.pop()
    if len(words) != 2 or words[0] not in LEAVES | JOINS:
        return None
    return Asked(words[0] in LEAVES, words[1])


async def called(session: AsyncSession, church_id: UUID, keyword: str) -> Any | None:
    """The group with this keyword."""
    return await db.first(
        session,
        """
        SELECT id, name, keyword FROM groups WHERE church_id = :church AND keyword_key = :keyword
        """,
        {"church": church_id, "keyword": keyword},
    )


async def is_name(session: AsyncSession, church_id: UUID, word: str) -> bool:
    """Whether a group without a keyword has this name."""
    found = await db.first(
        session,
        "SELECT 1 FROM groups WHERE church_id = :church AND name_key = :key",
        {"church": church_id, "key": names.key(word)},
    )
    return found is not None


async def heed(session: AsyncSession, church_id: UUID, entry: Entry) -> bool:
    """Write the word about a group and do as it says; whether anything changed by it."""
    assert entry.scope is not None
    history = await ledger.history(session, church_id, entry.phone_index)
    before = deriving.is_stopped(history, entry.scope)
    after = deriving.is_stopped([*history, entry], entry.scope)
    await ledger.write(session, church_id, [entry])
    if after:
        await _leave(session, church_id, entry.scope, entry.phone_index, entry.at)
        return not before
    return await _rejoin(session, church_id, entry.scope, entry.phone_index)


async def has_people(session: AsyncSession, church_id: UUID, phone_index: str) -> bool:
    found = await db.first(
        session,
        "SELECT 1 FROM members WHERE church_id = :church AND phone_index = :index",
        {"church": church_id, "index": phone_index},
    )
    return found is not None


async def _leave(
    session: AsyncSession, church_id: UUID, group_id: UUID, phone_index: str, at: datetime
) -> None:
    await db.run(
        session,
        """
        WITH gone AS (
            DELETE FROM group_members gm USING members m
             WHERE gm.group_id = :group AND m.id = gm.member_id AND m.church_id = :church
               AND m.phone_index = :index
            RETURNING gm.member_id
        )
        INSERT INTO group_stops (church_id, group_id, phone_index, member_ids, stopped_at)
        SELECT :church, :group, :index, coalesce(array_agg(member_id), '{}'), :at FROM gone
        ON CONFLICT (church_id, group_id, phone_index) DO UPDATE
           SET member_ids = group_stops.member_ids || excluded.member_ids
        """,
        {"church": church_id, "group": group_id, "index": phone_index, "at": at},
    )


async def _rejoin(session: AsyncSession, church_id: UUID, group_id: UUID, phone_index: str) -> bool:
    """Those who left come back; who was never in the group joins with all of the phone."""
    given = {"church": church_id, "group": group_id, "index": phone_index}
    left = await db.first(
        session,
        """
        DELETE FROM group_stops
         WHERE church_id = :church AND group_id = :group AND phone_index = :index
        RETURNING member_ids
        """,
        given,
    )
    joined = await db.run(
        session,
        """
        INSERT INTO group_members (church_id, group_id, member_id)
        SELECT :church, :group, id FROM members
         WHERE church_id = :church AND phone_index = :index
           AND (CAST(:ids AS uuid[]) = '{}' OR id = ANY(CAST(:ids AS uuid[])))
           AND (CAST(:ids AS uuid[]) <> '{}' OR NOT EXISTS (
                SELECT FROM group_members gm JOIN members o ON o.id = gm.member_id
                 WHERE gm.group_id = :group AND o.church_id = :church AND o.phone_index = :index))
        ON CONFLICT DO NOTHING
        """,
        given | {"ids": _ids(left)},
    )
    return left is not None or joined > 0


def _ids(left: Any | None) -> Sequence[UUID]:
    return list(left.member_ids) if left else []
