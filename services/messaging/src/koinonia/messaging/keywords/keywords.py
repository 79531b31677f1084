"""The keywords of a church, as staff keep them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypedDict
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.carriers import segments
from koinonia.common import db
from koinonia.common.pagination import Page, PageParams
from koinonia.messaging.errors import NoSuchGroup
from koinonia.messaging.keywords import admins
from koinonia.messaging.keywords.errors import (
    AnswerTooLong,
    DoesNothing,
    KeywordExists,
    NoSuchKeyword,
    NoWord,
    WordReserved,
)
from koinonia.messaging.people.consent import ministries
from koinonia.messaging.people.optout import meaning
from koinonia.messaging.people.optout.meaning import Meaning
from koinonia.messaging.people.targets import resolution
from koinonia.messaging.people.targets.target_schemas import TargetType

VERBS = ministries.LEAVES | ministries.STARTS
RESERVED = VERBS | {"all", "yes", "no", "help", "info"}
MOST_PARTS = segments.MAX_PARTS - 1  # the rest is for how to get no more


class SavedKeyword(NamedTuple):
    """A keyword as staff see it."""

    id: UUID
    word: str
    word_key: str
    group_id: UUID | None
    group_name: str | None
    answer: str | None
    notify: list[UUID]
    is_active: bool
    created_at: datetime
    updated_at: datetime


class KeywordValues(TypedDict, total=False):
    """What is to change of a keyword: fields of a ``Keyword``."""

    word: str
    group_id: UUID | None
    answer: str | None
    notify: Collection[UUID]
    is_active: bool


class _Columns(NamedTuple):
    word: str
    key: str
    group_id: UUID | None
    answer: str | None
    notify: list[UUID]
    is_active: bool


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


async def page(session: db.Session, params: PageParams) -> Page[SavedKeyword]:
    """In the order of the words."""
    return await db.page(
        session,
        SavedKeyword,
        f"{_SHOWN} WHERE true",
        {},
        params,
        db.Order({"word_key": str}, prefix="k."),
        counted="SELECT count(*) FROM keywords",
    )


async def get(session: db.Session, keyword_id: UUID) -> SavedKeyword:
    """Raises ``NoSuchKeyword``."""
    return await db.one(
        session,
        SavedKeyword,
        f"{_SHOWN} WHERE k.id = :id",
        {"id": keyword_id},
        missing=NoSuchKeyword,
    )


async def create(session: AsyncSession, church_id: UUID, keyword: Keyword) -> SavedKeyword:
    keyword_id = db.uuid7()
    columns = await _checked(session, church_id, keyword, notified=())
    with db.violations_as(KeywordExists, gone=NoSuchGroup):
        await db.run(
            session,
            """
            INSERT INTO keywords (id, church_id, word, word_key, group_id, answer, notify,
                                  is_active)
            VALUES (:id, :church, :word, :key, :group_id, :answer, CAST(:notify AS uuid[]),
                    :is_active)
            """,
            {"id": keyword_id, "church": church_id, **columns._asdict()},
        )
    return await get(session, keyword_id)


async def change(
    session: AsyncSession, church_id: UUID, keyword_id: UUID, given: KeywordValues
) -> SavedKeyword:
    """Changes what ``given`` names."""
    known = await get(session, keyword_id)
    keyword = Keyword(
        word=given.get("word", known.word),
        group_id=given.get("group_id", known.group_id),
        answer=given.get("answer", known.answer),
        notify=given.get("notify", known.notify),
        is_active=given.get("is_active", known.is_active),
    )
    columns = await _checked(session, church_id, keyword, notified=known.notify)
    with db.violations_as(KeywordExists, gone=NoSuchGroup):
        await db.run(
            session,
            """
            UPDATE keywords
               SET word = :word, word_key = :key, group_id = :group_id, answer = :answer,
                   notify = CAST(:notify AS uuid[]), is_active = :is_active, updated_at = now()
             WHERE id = :id
            """,
            {"id": keyword_id, **columns._asdict()},
        )
    return await get(session, keyword_id)


async def remove(session: AsyncSession, keyword_id: UUID) -> None:
    """Whoever came into a group by the keyword stays there."""
    if not await db.run(session, "DELETE FROM keywords WHERE id = :id", {"id": keyword_id}):
        raise NoSuchKeyword


async def _checked(
    session: AsyncSession, church_id: UUID, keyword: Keyword, notified: Collection[UUID]
) -> _Columns:
    """The columns to write; raises what is wrong. Admins who were ``notified`` before may have left
    since."""
    notify = list(dict.fromkeys(keyword.notify))
    if not (keyword.group_id or keyword.answer or notify):
        raise DoesNothing
    if keyword.answer and segments.measure(keyword.answer).parts > MOST_PARTS:
        raise AnswerTooLong
    group_ids = [keyword.group_id] if keyword.group_id else []
    await resolution.check_targets(session, church_id, TargetType.GROUPS, group_ids)
    await admins.check(session, church_id, set(notify) - set(notified))
    return _Columns(
        word=keyword.word,
        key=key(keyword.word),
        group_id=keyword.group_id,
        answer=keyword.answer,
        notify=notify,
        is_active=keyword.is_active,
    )


def key(word: str) -> str:
    """The word as it is compared; raises where it has or could have another meaning."""
    words = ministries.key(word).split()
    if not words:
        raise NoWord
    means = {meaning.meaning(form) for form in (word, word.casefold(), word.upper())}
    reserved = RESERVED if len(words) == 1 else VERBS  # "STOP YOUTH" is of the group YOUTH
    if not meaning.CHURCH_WORDS.isdisjoint(words) and means == {Meaning.STOP_ASKED}:
        return " ".join(words)
    if means != {Meaning.NONE} or words[0] in reserved or set(words) <= ministries.POLITE:
        raise WordReserved
    return " ".join(words)
