"""The keywords of a church, as staff keep them."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.carriers import segments
from koinonia.common import db
from koinonia.common.pagination import PageParams
from koinonia.messaging import clashes
from koinonia.messaging.errors import NoSuchGroup
from koinonia.messaging.keywords import staff
from koinonia.messaging.keywords.errors import (
    AnswerTooLong,
    DoesNothing,
    KeywordExists,
    NoSuchKeyword,
    NoWord,
    WordReserved,
)
from koinonia.messaging.people import audience
from koinonia.messaging.people.audience import TargetType
from koinonia.messaging.people.consent import ministries
from koinonia.messaging.people.optout import meaning
from koinonia.messaging.people.optout.meaning import Meaning

VERBS = ministries.LEAVES | ministries.STARTS
RESERVED = VERBS | {"all", "yes", "no", "help", "info"}
MOST_PARTS = segments.MAX_PARTS - 1  # the rest is for how to get no more

_SHOWN = """
    SELECT k.id, k.word, k.word_key, k.group_id, g.name AS group_name, k.answer, k.notify,
           k.is_active, k.created_at, k.updated_at
      FROM keywords k
      LEFT JOIN groups g ON g.church_id = k.church_id AND g.id = k.group_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyword:
    """``notify`` are admins."""

    word: str
    group_id: UUID | None
    answer: str | None
    notify: Collection[UUID]
    is_active: bool


async def listed(session: AsyncSession, params: PageParams) -> list[Any]:
    """One page, in the order of the words."""
    after = params.after(str)
    return await db.untyped_rows(
        session,
        f"""
        {_SHOWN}
        {"WHERE k.word_key > :after" if after else ""}
        ORDER BY k.word_key LIMIT :take OFFSET :offset
        """,
        {"after": after[0] if after else None, "take": params.take, "offset": params.offset},
    )


async def total(session: AsyncSession) -> int:
    found = await db.untyped_first(session, "SELECT count(*) FROM keywords")
    return int(found[0]) if found else 0


async def one(session: AsyncSession, keyword_id: UUID) -> Any:
    found = await db.untyped_first(session, f"{_SHOWN} WHERE k.id = :id", {"id": keyword_id})
    if found is None:
        raise NoSuchKeyword
    return found


async def create(session: AsyncSession, church_id: UUID, keyword: Keyword) -> Any:
    keyword_id = db.uuid7()
    values = await _checked(session, church_id, keyword, notified=())
    with clashes.told_as(KeywordExists, gone=NoSuchGroup):
        await db.run(
            session,
            """
            INSERT INTO keywords (id, church_id, word, word_key, group_id, answer, notify,
                                  is_active)
            VALUES (:id, :church, :word, :key, :group_id, :answer, CAST(:notify AS uuid[]),
                    :is_active)
            """,
            {"id": keyword_id, "church": church_id, **values},
        )
    return await one(session, keyword_id)


async def change(
    session: AsyncSession, church_id: UUID, keyword_id: UUID, given: Mapping[str, Any]
) -> Any:
    """Changes what ``given`` names, fields of a ``Keyword``."""
    known = await one(session, keyword_id)
    fields = Keyword.__dataclass_fields__
    keyword = Keyword(**{name: given.get(name, getattr(known, name)) for name in fields})
    values = await _checked(session, church_id, keyword, notified=known.notify)
    with clashes.told_as(KeywordExists, gone=NoSuchGroup):
        await db.run(
            session,
            """
            UPDATE keywords
               SET word = :word, word_key = :key, group_id = :group_id, answer = :answer,
                   notify = CAST(:notify AS uuid[]), is_active = :is_active, updated_at = now()
             WHERE id = :id
            """,
            {"id": keyword_id, **values},
        )
    return await one(session, keyword_id)


async def remove(session: AsyncSession, keyword_id: UUID) -> None:
    """Who came into a group by it stays there."""
    if not await db.run(session, "DELETE FROM keywords WHERE id = :id", {"id": keyword_id}):
        raise NoSuchKeyword


async def _checked(
    session: AsyncSession, church_id: UUID, keyword: Keyword, notified: Collection[UUID]
) -> dict[str, Any]:
    """What is written, or why it cannot be. Who was ``notified`` before may have left since."""
    notify = list(dict.fromkeys(keyword.notify))
    if not (keyword.group_id or keyword.answer or notify):
        raise DoesNothing
    if keyword.answer and segments.measure(keyword.answer).parts > MOST_PARTS:
        raise AnswerTooLong
    group_ids = [keyword.group_id] if keyword.group_id else []
    await audience.check_targets(session, church_id, TargetType.GROUPS, group_ids)
    await staff.check(session, church_id, set(notify) - set(notified))
    return asdict(keyword) | {"key": key(keyword.word), "notify": notify}


def key(word: str) -> str:
    """The word as it is compared; raises where it has or could have another meaning."""
    words = ministries.key(word).split()
    if not words:
        raise NoWord
    means = {meaning.meaning(form) for form in (word, word.casefold(), word.upper())}
    reserved = RESERVED if len(words) == 1 else VERBS  # "STOP YOUTH" is of the group YOUTH
    if means != {Meaning.NONE} or words[0] in reserved or set(words) <= ministries.POLITE:
        raise WordReserved
    return " ".join(words)
