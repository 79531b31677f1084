"""Templates: texts that a church keeps for another time."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.pagination import PageParams
from koinonia.messaging import clashes, names
from koinonia.messaging.composing import fields, schedules_using, template_text
from koinonia.messaging.composing.errors import NoSuchTemplate, TemplateExists, TemplateInUse

_SHOWN = "SELECT id, name, name_key, category, content, fields, created_at, updated_at"


async def listed(session: AsyncSession, params: PageParams, category: str | None) -> list[Any]:
    """One page by name, of one category or of all."""
    after = params.after(str, UUID)
    key, template_id = after or (None, None)
    conditions = ["category = :category"] if category else []
    conditions += ["(name_key, id) > (:key, :id)"] if after else []
    return await db.untyped_rows(
        session,
        f"""
        {_SHOWN} FROM templates
        {"WHERE " + " AND ".join(conditions) if conditions else ""}
        ORDER BY name_key, id LIMIT :take OFFSET :offset
        """,
        {
            "category": category,
            "key": key,
            "id": template_id,
            "take": params.take,
            "offset": params.offset,
        },
    )


async def total(session: AsyncSession, category: str | None) -> int:
    where = "WHERE category = :category" if category else ""
    found = await db.untyped_first(
        session, f"SELECT count(*) FROM templates {where}", {"category": category}
    )
    return int(found[0]) if found else 0


async def categories(session: AsyncSession) -> list[Any]:
    """Those in use, and how many templates each has."""
    return await db.untyped_rows(
        session,
        "SELECT category, count(*) AS templates FROM templates GROUP BY category ORDER BY category",
    )


async def one(session: AsyncSession, template_id: UUID) -> Any:
    found = await db.untyped_first(
        session, f"{_SHOWN} FROM templates WHERE id = :id", {"id": template_id}
    )
    if found is None:
        raise NoSuchTemplate
    return found


async def content(session: AsyncSession, template_id: UUID) -> str:
    """What a template says, to be sent; raises ``NoSuchTemplate``."""
    text: str = (await one(session, template_id)).content
    return text


async def create(
    session: AsyncSession, church_id: UUID, name: str, category: str, content: str
) -> Any:
    template_id = db.uuid7()
    with clashes.told_as(TemplateExists):
        await db.run(
            session,
            """
            INSERT INTO templates (id, church_id, name, name_key, category, content, fields)
            VALUES (:id, :church_id, :name, :key, :category, :content, :fields)
            """,
            {
                "id": template_id,
                "church_id": church_id,
                "name": name,
                "key": names.key(name),
                "category": category,
                "content": content,
                "fields": await _fields(session, church_id, content),
            },
        )
    return await one(session, template_id)


async def change(
    session: AsyncSession,
    church_id: UUID,
    template_id: UUID,
    *,
    name: str | None,
    category: str | None,
    content: str | None,
) -> Any:
    """Changes what is given. Messages that were made of it keep their words."""
    template = await one(session, template_id)
    with clashes.told_as(TemplateExists):
        await db.run(
            session,
            """
            UPDATE templates
               SET name = :name, name_key = :key, category = :category, content = :content,
                   fields = :fields, updated_at = now()
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
            },
        )
    return await one(session, template_id)


async def remove(session: AsyncSession, template_id: UUID) -> None:
    """Removes a template, unless a message for later is made of it."""
    if not await db.run(session, "DELETE FROM templates WHERE id = :id", {"id": template_id}):
        raise NoSuchTemplate
    if schedules := await schedules_using.with_template(session, template_id):
        raise TemplateInUse.by(schedules)


async def _fields(session: AsyncSession, church_id: UUID, content: str) -> list[str]:
    """The names in ``content``, none of which is removed before this template is written."""
    known = await fields.known(session, church_id, is_held=True)
    return list(template_text.parse(content, known).fields)
