"""Fields that a church defines for its members, such as ``smallGroup``, and their values.

A text names a field by its key, which therefore never changes; people read its label. A file may
name its column by either, so keys and labels of a church are told apart without case and spaces.
"""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.pagination import Page, PageParams
from koinonia.messaging import names
from koinonia.messaging.composing import schedules_using, text_fields
from koinonia.messaging.composing.errors import (
    FieldExists,
    FieldInUse,
    FieldReserved,
    NoSuchField,
    TooManyFields,
    UnknownCustomField,
)

MOST = 50
LONGEST_VALUE = 200
RESERVED = frozenset(
    [
        *("id", "firstname", "lastname", "fullname", "churchname", "phone", "email", "groups"),
        *("consent", "optedout", "timezone", "zones", "createdat", "fields", "lastheardfrom"),
    ]
)
"""What a member or a column of a file means already."""


class Field(NamedTuple):
    """A field of a church."""

    id: UUID
    key: str
    label: str
    label_key: str
    created_at: datetime


_SHOWN = "SELECT id, key, label, label_key, created_at FROM custom_fields"


def column(text: str) -> str:
    """How a key, a label or the head of a column is compared: "Small group" is ``smallGroup``."""
    return "".join(letter for letter in names.key(text) if letter not in " _-\t")


async def page(session: db.Session, params: PageParams) -> Page[Field]:
    """By label."""
    return await db.page(
        session,
        Field,
        f"{_SHOWN} WHERE true",
        {},
        params,
        db.Order({"label_key": str, "id": UUID}),
        counted="SELECT count(*) FROM custom_fields",
    )


async def get(session: db.Session, field_id: UUID) -> Field:
    """Raises ``NoSuchField``."""
    return await db.one(
        session, Field, f"{_SHOWN} WHERE id = :id", {"id": field_id}, missing=NoSuchField
    )


async def create(session: AsyncSession, church_id: UUID, key: str, label: str) -> Field:
    others = await _alone(session, church_id)
    if len(others) >= MOST:
        raise TooManyFields
    _check({column(key), column(label)}, others)
    field_id = db.uuid7()
    with db.violations_as(FieldExists):
        await db.run(
            session,
            """
            INSERT INTO custom_fields (id, church_id, key, label, label_key)
            VALUES (:id, :church_id, :key, :label, :label_key)
            """,
            {
                "id": field_id,
                "church_id": church_id,
                "key": key,
                "label": label,
                "label_key": column(label),
            },
        )
    return await get(session, field_id)


async def change(session: AsyncSession, church_id: UUID, field_id: UUID, label: str) -> Field:
    """Gives a field another label."""
    others = await _alone(session, church_id)
    await get(session, field_id)
    _check({column(label)}, [other for other in others if other.id != field_id])
    await db.run(
        session,
        "UPDATE custom_fields SET label = :label, label_key = :label_key WHERE id = :id",
        {"id": field_id, "label": label, "label_key": column(label)},
    )
    return await get(session, field_id)


async def remove(session: AsyncSession, field_id: UUID) -> None:
    """Removes a field and its values, unless a template or a schedule names it."""
    field = await get(session, field_id)
    # The row goes first: whoever writes a template meanwhile holds it, or finds it gone.
    await db.run(session, "DELETE FROM custom_fields WHERE id = :id", {"id": field_id})
    using = await db.values(
        session,
        str,
        "SELECT name FROM templates WHERE CAST(:key AS text) = ANY(fields) ORDER BY name_key",
        {"key": field.key},
    )
    schedules = await schedules_using.with_field(session, field.key)
    if using or schedules:
        raise FieldInUse.by(using, schedules)
    await db.run(
        session,
        "UPDATE members SET custom = custom - CAST(:key AS text) WHERE custom ? :key",
        {"key": field.key},
    )


async def columns(session: db.Session) -> dict[str, str]:
    """The key that each column of a file stands for, by ``column`` of its head."""
    found = await db.rows(session, Field, _SHOWN)
    return {row.label_key: row.key for row in found} | {column(row.key): row.key for row in found}


async def check(session: AsyncSession, church_id: UUID, given: Collection[str]) -> None:
    """Raises ``UnknownCustomField`` unless each key is one of the church's; none is removed
    before this transaction ends."""
    if not given:
        return
    known = await text_fields.known(session, church_id, is_held=True)
    own = [name for name in known if name not in text_fields.BUILT_IN]
    unknown = [key for key in given if key not in own]
    if unknown:
        raise UnknownCustomField.among(unknown, own)


async def _alone(session: AsyncSession, church_id: UUID) -> list[Field]:
    """All fields; nobody adds another one before the transaction ends."""
    await db.run(
        session,
        "SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))",
        {"key": f"fields {church_id}"},
    )
    return await db.rows(session, Field, _SHOWN)


def _check(wanted: set[str], others: list[Field]) -> None:
    if "" in wanted or not wanted.isdisjoint(RESERVED):
        raise FieldReserved
    taken = {name for other in others for name in (other.label_key, column(other.key))}
    if not wanted.isdisjoint(taken):
        raise FieldExists
