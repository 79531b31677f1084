"""STOP YOUTH: a phone leaves one ministry and stays with the church.

A group may have a keyword. STOP and the keyword ends its texts to the phone, also when somebody
adds its people to the group later; START and the keyword brings them back. STOP alone ends
everything.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.messaging import names
from koinonia.messaging.people import group_membership
from koinonia.messaging.people.consent import consent_state, ledger
from koinonia.messaging.people.consent.entries import Entry
from koinonia.messaging.people.optout import meaning, plain_words
from koinonia.messaging.people.optout.meaning import Meaning

LEAVES = {"stop", "leave", "unsubscribe", "unsub", "quit", "end", "cancel"}
STARTS = {"start", "unstop"}
JOINS = STARTS | {"join"}
POLITE = {"please", "pls", "plz", "thanks", "thank", "you", "hi", "hello"}
GENERAL = {"group", "ministry", "team", "texts", "text", "messages", "list"}
RESERVED = LEAVES | JOINS | POLITE | GENERAL | {"all", "yes", "no", "help", "info"}


class Ministry(NamedTuple):
    """A group that has a keyword."""

    id: UUID
    name: str
    keyword: str
    keyword_key: str


class _Person(NamedTuple):
    id: UUID
    is_in: bool


def key(keyword: str) -> str:
    """A keyword as it is compared: no case, no accents, no look-alikes."""
    return plain_words.words(keyword)


def is_reserved(keyword: str) -> bool:
    """Whether the word means something by itself, or after STOP or START."""
    if key(keyword) in meaning.CHURCH_WORDS:
        return False
    texts = (keyword, f"stop {keyword}", f"start {keyword}")
    return key(keyword) in RESERVED or any(
        meaning.meaning(text.casefold()) is not Meaning.NONE for text in texts
    )


def word_after_stop(text: str) -> str | None:
    """What may be a keyword after a STOP: "Stop Youth, please" gives "youth"; None for a text of
    another form."""
    words = first_line_words(text)
    return words[1] if len(words) == 2 and words[0] in LEAVES else None


def words_after_start(text: str) -> tuple[str, str] | None:
    """The verb of a START or JOIN and what may be a ministry after it."""
    words = first_line_words(text)
    return (words[0], " ".join(words[1:])) if len(words) > 1 and words[0] in JOINS else None


def first_line_words(text: str) -> list[str]:
    """The words of the first line, without politeness; "the Youth group" gives "youth"."""
    line = plain_words.words(text.strip().partition("\n")[0]).split()
    words = [word for word in line if word not in POLITE]
    if len(words) == 3 and words[2] in GENERAL:
        words.pop()
    return words


async def by_keyword(session: AsyncSession, church_id: UUID, keyword: str) -> Ministry | None:
    """The group with this keyword."""
    return await db.first(
        session,
        Ministry,
        """
        SELECT id, name, keyword, keyword_key FROM groups
         WHERE church_id = :church AND keyword_key = :keyword
        """,
        {"church": church_id, "keyword": keyword},
    )


async def by_keyword_or_name(session: AsyncSession, church_id: UUID, words: str) -> Ministry | None:
    """The group that has these words as its keyword, or has a keyword and these words as its name.
    None where two groups have the name."""
    groups = await db.rows(
        session,
        Ministry,
        """
        SELECT id, name, keyword, keyword_key FROM groups
         WHERE church_id = :church AND keyword_key IS NOT NULL
        """,
        {"church": church_id},
    )
    called = [group for group in groups if group.keyword_key == words]
    found = called or [group for group in groups if key(group.name) == words]
    return found[0] if len(found) == 1 else None


async def is_name(session: AsyncSession, church_id: UUID, word: str) -> bool:
    """Whether a group without a keyword has this name."""
    return await db.exists(
        session,
        "SELECT 1 FROM groups WHERE church_id = :church AND name_key = :key",
        {"church": church_id, "key": names.key(word)},
    )


async def apply(session: AsyncSession, church_id: UUID, entry: Entry) -> bool:
    """Write an entry about a group and carry it out; returns whether anything changed."""
    assert entry.scope is not None
    history = await ledger.history(session, church_id, entry.phone_index)
    before = consent_state.is_stopped(history, entry.scope)
    after = consent_state.is_stopped([*history, entry], entry.scope)
    await ledger.write(session, church_id, [entry])
    if after:
        await _leave(session, church_id, entry.scope, entry.phone_index, entry.at)
        return not before
    return await _rejoin(session, church_id, entry.scope, entry.phone_index)


async def _leave(
    session: AsyncSession, church_id: UUID, group_id: UUID, phone_index: str, at: datetime
) -> None:
    left = await group_membership.leave_by_phone(session, church_id, group_id, phone_index)
    await db.run(
        session,
        """
        INSERT INTO group_stops (church_id, group_id, phone_index, member_ids, stopped_at)
        VALUES (:church, :group, :index, CAST(:left AS uuid[]), :at)
        ON CONFLICT (church_id, group_id, phone_index) DO UPDATE
           SET member_ids = group_stops.member_ids || excluded.member_ids
        """,
        {"church": church_id, "group": group_id, "index": phone_index, "left": left, "at": at},
    )


async def _rejoin(session: AsyncSession, church_id: UUID, group_id: UUID, phone_index: str) -> bool:
    """Those who left by STOP come back; where nobody had, one person of the phone joins, unless one
    is in the group."""
    given = {"church": church_id, "group": group_id, "index": phone_index}
    stopped = await db.values(
        session,
        list,
        """
        DELETE FROM group_stops
         WHERE church_id = :church AND group_id = :group AND phone_index = :index
        RETURNING member_ids
        """,
        given,
    )
    people = await db.rows(
        session,
        _Person,
        """
        SELECT m.id, EXISTS (SELECT FROM group_members gm
                              WHERE gm.group_id = :group AND gm.member_id = m.id) AS is_in
          FROM members m WHERE m.church_id = :church AND m.phone_index = :index ORDER BY m.id
        """,
        given,
    )
    coming = _coming(people, {member_id for left in stopped for member_id in left})
    joined = await group_membership.join(session, church_id, [(group_id, each) for each in coming])
    return bool(stopped) or bool(joined)


def _coming(people: Sequence[_Person], left: set[UUID]) -> list[UUID]:
    """Nobody can tell who of a household wrote. If all of them joined, the children would be
    enrolled in whatever their parents ask for, and the phone gets one text anyway. So the one who
    was known first joins, who stands for the phone everywhere (``audience.Audience``). Staff see
    the others in the conversation."""
    back = [person.id for person in people if person.id in left]
    if back or any(person.is_in for person in people):
        return back
    return [person.id for person in people[:1]]
