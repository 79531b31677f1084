"""Templates: texts that a church keeps to use again."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.pagination import Page, PageParams
from koinonia.messaging import names
from koinonia.messaging.composing import schedules_using, template_text, text_fields, uploads
from koinonia.messaging.composing.errors import NoSuchTemplate, TemplateExists, TemplateInUse


class SavedTemplate(NamedTuple):
    """A template as staff see it."""

    id: UUID
    name: str
    name_key: str
    category: str
    content: str
    fields: list[str]
    media_ids: list[UUID]
    created_at: datetime
    updated_at: datetime


class Category(NamedTuple):
    category: str
    templates: int


_SHOWN = """
    SELECT id, name, name_key, category, content, fields, media_ids, created_at, updated_at
      FROM templates
"""


async def page(
    session: db.Session, params: PageParams, category: str | None
) -> Page[SavedTemplate]:
    """By name, of one category or of all."""
    condition = "category = :category" if category else "true"
    return await db.page(
        session,
        SavedTemplate,
        f"{_SHOWN} WHERE {condition}",
        {"category": category},
        params,
        db.Order({"name_key": str, "id": UUID}),
        counted=f"SELECT count(*) FROM templates WHERE {condition}",
    )


async def categories(session: db.Session) -> list[Category]:
    """Those in use, and how many templates each has."""
    return await db.rows(
        session,
        Category,
        "SELECT category, count(*) AS templates FROM templates GROUP BY category ORDER BY category",
    )


async def get(session: db.Session, template_id: UUID) -> SavedTemplate:
    """Raises ``NoSuchTemplate``."""
    return await db.one(
        session,
        SavedTemplate,
        f"{_SHOWN} WHERE id = :id",
        {"id": template_id},
        missing=NoSuchTemplate,
    )


async def create(
    session: AsyncSession,
    church_id: UUID,
    name: str,
    category: str,
    content: str,
    media_ids: Sequence[UUID] = (),
) -> SavedTemplate:
    template_id = db.uuid7()
    await _use(session, church_id, template_id, (), media_ids)
    with db.violations_as(TemplateExists):
        await db.run(
            session,
            """
            INSERT INTO templates (id, church_id, name, name_key, category, content, fields,
                                   media_ids)
            VALUES (:id, :church_id, :name, :key, :category, :content, :fields,
                    CAST(:media_ids AS uuid[]))
            """,
            {
                "id": template_id,
                "church_id": church_id,
                "name": name,
                "key": names.key(name),
                "category": category,
                "content": content,
                "fields": await _fields(session, church_id, content),
                "media_ids": list(media_ids),
            },
        )
    return await get(session, template_id)


async def change(
    session: AsyncSession,
    church_id: UUID,
    template_id: UUID,
    *,
    name: str | None,
    category: str | None,
    content: str | None,
    media_ids: Sequence[UUID] | None = None,
) -> SavedTemplate:
    """Changes what is given. Messages that were made of it keep their words and files."""
    template = await get(session, template_id)
    if media_ids is not None:
        await _use(session, church_id, template_id, template.media_ids, media_ids)
    with db.violations_as(TemplateExists):
        await db.run(
            session,
            """
            UPDATE templates
               SET name = :name, name_key = :key, category = :category, content = :content,
                   fields = :fields, media_ids = CAST(:media_ids AS uuid[]), updated_at = now()
             WHERE id = :id
            """,
            {
                "id": template_id,
                "name": name or template.name,
                "key": names.key(name or template.name),
                "category": category or template.category,
                "content": content or template.content,
                "fields": await _fields(session, church_id, content)
                if content
                else template.fields,
                "media_ids": list(template.media_ids if media_ids is None else media_ids),
            },
        )
    return await get(session, template_id)


async def remove(session: AsyncSession, church_id: UUID, template_id: UUID) -> None:
    """Removes a template, unless a schedule uses it."""
    template = await get(session, template_id)
    await _use(session, church_id, template_id, template.media_ids, ())
    if not await db.run(session, "DELETE FROM templates WHERE id = :id", {"id": template_id}):
        raise NoSuchTemplate
    if schedules := await schedules_using.with_template(session, template_id):
        raise TemplateInUse.by(schedules)


async def _use(
    session: AsyncSession,
    church_id: UUID,
    template_id: UUID,
    before: Sequence[UUID],
    now: Sequence[UUID],
) -> None:
    """Say which uploads a template has; raises what is wrong with them."""
    if before or now:
        await uploads.media(session, church_id, (), now)
        await uploads.use(session, church_id, template_id, now)


async def _fields(session: AsyncSession, church_id: UUID, content: str) -> list[str]:
    """The names in ``content``, none of which is removed before this template is written."""
    known = await text_fields.known(session, church_id, is_held=True)
    return list(template_text.parse(content, known).fields)
