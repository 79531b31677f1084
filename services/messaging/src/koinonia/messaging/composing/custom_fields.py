"""Fields that a church defines for its members, such as ``smallGroup``, and their values.

A text names a field by its key, which therefore never changes; people read its label. A file may
name its column by either, so keys and labels of a church are told apart without case and spaces.
"""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.pagination import PageParams
from koinonia.messaging import clashes, names
from koinonia.messaging.composing import fields, schedules_using
from koinonia.messaging.composing.errors import (
    FieldExists,
    FieldInUse,
    FieldReserved,
    NoSuchField,
    TooManyFields,
    UnknownField,
)

MOST = 50
LONGEST_VALUE = 200
RESERVED = frozenset(
    [
        *("id", "firstname", "lastname", "fullname", "churchname", "phone", "email", "groups"),
        *("consent", "optedout", "timezone", "zones", "createdat", "fields"),
    ]
)
"""What a member or a column of a file means already."""

_SHOWN = "SELECT id, key, label, label_key, created_at FROM custom_fields"


def column(text: str) -> str:
    """How a key, a label or the head of a column is compared: "Small group" is ``smallGroup``."""
    return "".join(letter for letter in names.key(text) if letter not in " _-\t")


async def listed(session: AsyncSession, params: PageParams) -> list[Any]:
    """One page by label."""
    after = params.after(str, UUID)
    label_key, field_id = after or (None, None)
    return await db.untyped_rows(
        session,
        f"""
        {_SHOWN} {"WHERE (label_key, id) > (:label_key, :id)" if after else ""}
        ORDER BY label_key, id LIMIT :take OFFSET :offset
        """,
        {"label_key": label_key, "id": field_id, "take": params.take, "offset": params.offset},
    )


async def total(session: AsyncSession) -> int:
    found = await db.untyped_first(session, "SELECT count(*) FROM custom_fields")
    return int(found[0]) if found else 0


async def one(session: AsyncSession, field_id: UUID) -> Any:
    found = await db.untyped_first(session, f"{_SHOWN} WHERE id = :id", {"id": field_id})
    if found is None:
        raise NoSuchField
    return found


async def create(session: AsyncSession, church_id: UUID, key: str, label: str) -> Any:
    others = await _alone(session, church_id)
    if len(others) >= MOST:
        raise TooManyFields
    _check({column(key), column(label)}, others)
    field_id = db.uuid7()
    with clashes.told_as(FieldExists):
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
    return await one(session, field_id)


async def change(session: AsyncSession, church_id: UUID, field_id: UUID, label: str) -> Any:
    """Gives a field another label."""
    others = await _alone(session, church_id)
    await one(session, field_id)
    _check({column(label)}, [other for other in others if other.id != field_id])
    await db.run(
        session,
        "UPDATE custom_fields SET label = :label, label_key = :label_key WHERE id = :id",
        {"id": field_id, "label": label, "label_key": column(label)},
    )
    return await one(session, field_id)


async def remove(session: AsyncSession, field_id: UUID) -> None:
    """Removes a field and what members have in it, unless a template or a message for later names
    it."""
    field = await one(session, field_id)
    # The row goes first: whoever writes a template meanwhile holds it, or finds it gone.
    await db.run(session, "DELETE FROM custom_fields WHERE id = :id", {"id": field_id})
    using = await db.untyped_rows(
        session,
        "SELECT name FROM templates WHERE CAST(:key AS text) = ANY(fields) ORDER BY name_key",
        {"key": field.key},
    )
    schedules = await schedules_using.with_field(session, field.key)
    if using or schedules:
        raise FieldInUse.by([row.name for row in using], schedules)
    await db.run(
        session,
        "UPDATE members SET custom = custom - CAST(:key AS text) WHERE custom ? :key",
        {"key": field.key},
    )


async def columns(session: AsyncSession) -> dict[str, str]:
    """The key that each column of a file stands for, by ``column`` of its head."""
    found = await db.untyped_rows(session, _SHOWN)
    return {row.label_key: row.key for row in found} | {column(row.key): row.key for row in found}


async def check(session: AsyncSession, church_id: UUID, given: Collection[str]) -> None:
    """Raises ``UnknownField`` unless every key is one of the church's; none of them is removed
    before this transaction ends."""
    if not given:
        return
    known = await fields.known(session, church_id, is_held=True)
    own = [name for name in known if name not in fields.BUILT_IN]
    unknown = [key for key in given if key not in own]
    if unknown:
        raise UnknownField.among(unknown, own)


def changed(values: Mapping[str, str], given: Mapping[str, str | None]) -> dict[str, str]:
    """``values`` with what is ``given``; None and blanks take a value away."""
    return {key: value for key, value in {**values, **given}.items() if value}


async def _alone(session: AsyncSession, church_id: UUID) -> list[Any]:
    """All fields; nobody adds another one before this transaction ends."""
    await db.run(
        session,
        "SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))",
        {"key": f"fields {church_id}"},
    )
    return await db.untyped_rows(session, _SHOWN)


def _check(wanted: set[str], others: list[Any]) -> None:
    if "" in wanted or not wanted.isdisjoint(RESERVED):
        raise FieldReserved
    taken = {name for other in others for name in (other.label_key, column(other.key))}
    if not wanted.isdisjoint(taken):
        raise FieldExists
