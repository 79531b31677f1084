"""Which keyword a text is, if any. Only this module decides.

A text is a keyword when nothing else is in it but politeness. The church's own keywords come first;
one that is switched off does nothing, whatever its words would mean without it. Then come START,
UNSTOP or JOIN with the keyword or the name of a group that has a keyword.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.messaging.people.consent import ministries
from koinonia.messaging.people.optout import meaning, plain_words

LONGEST = 200  # a keyword, politeness, and what a phone writes below


@dataclass(frozen=True, slots=True)
class Group:
    id: UUID
    name: str
    keyword: str | None


class _Keyword(NamedTuple):
    word: str
    word_key: str
    answer: str | None
    notify: list[UUID]
    is_active: bool
    group_id: UUID | None
    group_name: str | None
    group_keyword: str | None


@dataclass(frozen=True, slots=True)
class Match:
    """The keyword of a text and what it does. ``lifts``: it takes back a STOP to everything as
    well."""

    word: str  # as the church writes it
    group: Group | None
    answer: str | None = None
    notify: tuple[UUID, ...] = ()
    lifts: bool = True


async def known(session: AsyncSession, church_id: UUID, texts: Sequence[str]) -> Collection[str]:
    """The forms of these texts that are keywords of the church, for :func:`find`."""
    said = {form for text in texts if not _is_none(text) for form in forms(text)}
    if not said:
        return ()
    return await db.values(
        session,
        str,
        """
        SELECT word_key FROM keywords
         WHERE church_id = :church AND word_key = ANY(CAST(:forms AS text[]))
        """,
        {"church": church_id, "forms": sorted(said)},
    )


async def find(
    session: AsyncSession, church_id: UUID, text: str, keywords: Collection[str]
) -> Match | None:
    """The keyword that ``text`` is; ``keywords`` are those that are :func:`known`. Most texts are
    none and need no query."""
    if _is_none(text):
        return None
    said = [form for form in forms(text) if form in keywords]
    own = await _own(session, church_id, said) if said else None
    if own is not None:
        return _match(own) if own.is_active else None
    if asked := ministries.words_after_start(text):
        return await _of_group(session, church_id, *asked)
    return None


def _is_none(text: str) -> bool:
    return len(text) > LONGEST or meaning.TAPBACK.fullmatch(text) is not None


def forms(text: str) -> list[str]:
    """The plain words of a text, and these without the politeness around them."""
    words = plain_words.words(meaning.unsigned(text)).split()
    said = [place for place, word in enumerate(words) if word not in ministries.POLITE]
    bare = words[said[0] : said[-1] + 1] if said else []
    return [form for form in dict.fromkeys((" ".join(words), " ".join(bare))) if form]


async def _own(session: AsyncSession, church_id: UUID, forms: Sequence[str]) -> _Keyword | None:
    """The church's own keyword; the words as they were written go before those without
    politeness."""
    found = await db.rows(
        session,
        _Keyword,
        """
        SELECT k.word, k.word_key, k.answer, k.notify, k.is_active, k.group_id,
               g.name AS group_name, g.keyword AS group_keyword
          FROM keywords k
          LEFT JOIN groups g ON g.church_id = k.church_id AND g.id = k.group_id
         WHERE k.church_id = :church AND k.word_key = ANY(CAST(:forms AS text[]))
        """,
        {"church": church_id, "forms": forms},
    )
    return min(found, key=lambda row: forms.index(row.word_key), default=None)


def _match(row: _Keyword) -> Match:
    group = None
    if row.group_id and row.group_name is not None:
        group = Group(row.group_id, row.group_name, row.group_keyword)
    return Match(row.word, group, row.answer, tuple(row.notify))


async def _of_group(session: AsyncSession, church_id: UUID, verb: str, words: str) -> Match | None:
    """START YOUTH takes back STOP YOUTH and no more; JOIN YOUTH asks for its texts."""
    group = await ministries.by_keyword_or_name(session, church_id, words)
    if group is None:
        return None
    word = f"{verb} {group.keyword}".upper()
    return Match(word, Group(group.id, group.name, group.keyword), lifts=verb == "join")
