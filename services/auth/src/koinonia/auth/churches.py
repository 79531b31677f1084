"""What a church says of itself: its name, its time zone, the language its people write in."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db, outbox
from koinonia.common.events.auth import ChurchUpdated


class Language(StrEnum):
    """The text search configurations that PostgreSQL 15 brings; SIMPLE knows no grammar."""

    ARABIC = "arabic"
    ARMENIAN = "armenian"
    BASQUE = "basque"
    CATALAN = "catalan"
    DANISH = "danish"
    DUTCH = "dutch"
    ENGLISH = "english"
    FINNISH = "finnish"
    FRENCH = "french"
    GERMAN = "german"
    GREEK = "greek"
    HINDI = "hindi"
    HUNGARIAN = "hungarian"
    INDONESIAN = "indonesian"
    IRISH = "irish"
    ITALIAN = "italian"
    LITHUANIAN = "lithuanian"
    NEPALI = "nepali"
    NORWEGIAN = "norwegian"
    PORTUGUESE = "portuguese"
    ROMANIAN = "romanian"
    RUSSIAN = "russian"
    SERBIAN = "serbian"
    SIMPLE = "simple"
    SPANISH = "spanish"
    SWEDISH = "swedish"
    TAMIL = "tamil"
    TURKISH = "turkish"
    YIDDISH = "yiddish"


SHOWN = "id, name, timezone, language"


async def own(session: AsyncSession) -> Any:
    """The church of the session."""
    church = await db.untyped_first(session, f"SELECT {SHOWN} FROM churches")
    assert church is not None  # whoever is signed in has one
    return church


async def hold(session: AsyncSession) -> Any:
    """The church of the session, until the transaction ends: changes of a church and of its team
    come one after the other, so what is read after this stays as it is."""
    church = await db.untyped_first(session, f"SELECT {SHOWN} FROM churches FOR NO KEY UPDATE")
    assert church is not None
    return church


async def change(
    session: AsyncSession, church_id: UUID, given: Mapping[str, Any]
) -> tuple[Any, list[str]]:
    """Change what ``given`` names: ``name``, ``timezone``, ``language``. Returns the church and
    which of them are others now; of no change nobody is told. The caller holds the church."""
    before = await own(session)
    changed = [name for name, value in given.items() if getattr(before, name) != value]
    if not changed:
        return before, changed
    church = await db.untyped_first(
        session,
        f"""
        UPDATE churches SET name = :name, timezone = :timezone, language = :language
        RETURNING {SHOWN}
        """,
        {**before._mapping, **given},
    )
    assert church is not None
    await outbox.add(
        session,
        ChurchUpdated(
            church_id=church_id,
            church_name=church.name,
            timezone=church.timezone,
            language=church.language,
        ),
    )
    return church, changed
