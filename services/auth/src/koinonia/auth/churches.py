"""Churches: their name, time zone and the language their people write in."""

from enum import StrEnum
from typing import NamedTuple, TypedDict
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


COLUMNS = "id, name, timezone, language, verified_at IS NOT NULL AS is_verified"


class Church(NamedTuple):
    id: UUID
    name: str
    timezone: str
    language: str  # a Language
    is_verified: bool


class ChurchFields(TypedDict, total=False):
    """Fields of a church to change."""

    name: str
    timezone: str
    language: Language


async def own(session: db.Session) -> Church:
    """The church of the session."""
    [church] = await db.rows(session, Church, f"SELECT {COLUMNS} FROM churches")
    return church


async def lock(session: AsyncSession) -> Church:
    """The church of the session, locked until the transaction ends: changes of a church and of its
    team come one after the other, so what is read after this stays as it is."""
    [church] = await db.rows(session, Church, f"SELECT {COLUMNS} FROM churches FOR NO KEY UPDATE")
    return church


async def requires_second_factor(session: db.Session) -> bool:
    """Whether everybody in the team of the session's church needs one."""
    return await db.exists(session, "SELECT 1 FROM churches WHERE requires_second_factor")


async def require_second_factor(session: AsyncSession, *, is_required: bool) -> bool:
    """Whether it was otherwise before."""
    changed = await db.run(
        session,
        """
        UPDATE churches SET requires_second_factor = :required
         WHERE requires_second_factor <> :required
        """,
        {"required": is_required},
    )
    return changed == 1


async def change(
    session: AsyncSession, church_id: UUID, given: ChurchFields
) -> tuple[Church, list[str]]:
    """Change the fields in ``given``. Returns the church and the names of those that differ from
    before; without any, no event is published. The caller has locked the church."""
    before = await own(session)
    changed = [name for name, value in given.items() if getattr(before, name) != value]
    if not changed:
        return before, changed
    [church] = await db.rows(
        session,
        Church,
        f"""
        UPDATE churches SET name = :name, timezone = :timezone, language = :language
        RETURNING {COLUMNS}
        """,
        {**before._asdict(), **given},
    )
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
