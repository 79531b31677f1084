"""What a household's text is filled in with."""

from collections.abc import Sequence
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.testing import probe
from koinonia.messaging.composing import text_fields

from . import factories


async def _values(
    session: AsyncSession, church_id: UUID, names: Sequence[str]
) -> list[str | None] | None:
    row = await probe.first(
        session,
        f"""
        SELECT {text_fields.columns(names)} AS found
          FROM (SELECT * FROM members WHERE church_id = :church_id ORDER BY id) AS m
         GROUP BY m.phone_index
        """,
        {"church_id": church_id},
    )
    assert row is not None
    found: list[str | None] | None = row.found
    return found


async def _household(session: AsyncSession, church_id: UUID, *people: str) -> None:
    number = factories.phone()
    for each in people:
        first, _, last = each.partition(" ")
        await factories.member(
            session, church_id, phone_number=number, first_name=first, last_name=last
        )


@pytest.mark.parametrize(
    ("people", "first", "last", "full"),
    [
        (["Anna"], "Anna", None, "Anna"),
        (["Anna Rojas", "Ben Rojas"], "Anna and Ben", "Rojas", "Anna Rojas and Ben Rojas"),
        (["Ben", "Anna Lee", "Cara"], "Ben, Anna and Cara", "Lee", "Ben, Anna Lee and Cara"),
        (["John Lee", "John Lee Jr"], "John", "Lee and Lee Jr", "John Lee and John Lee Jr"),
    ],
)
async def test_a_household_is_named_in_the_order_of_joining_each_name_once(
    database: db.Database,
    church_id: UUID,
    people: list[str],
    first: str,
    last: str | None,
    full: str,
) -> None:
    async with database.transaction(church_id) as session:
        await _household(session, church_id, *people)
        found = await _values(session, church_id, ["firstName", "lastName", "fullName"])
    assert found == [first, last, full]


async def test_a_text_can_name_its_church_and_its_own_fields(
    database: db.Database, church_id: UUID
) -> None:
    async with database.transaction(church_id) as session:
        await _household(session, church_id, "Anna", "Ben")
        await db.run(session, """UPDATE members SET custom = '{"seat": "4"}'""")
        found = await _values(session, church_id, ["churchName", "seat", "other"])
    assert found == ["Grace Chapel", "4", None]


async def test_a_text_without_fields_has_no_values(database: db.Database, church_id: UUID) -> None:
    async with database.transaction(church_id) as session:
        await _household(session, church_id, "Anna")
        assert await _values(session, church_id, []) is None


def test_no_name_can_become_a_statement() -> None:
    with pytest.raises(ValueError, match="not the name"):
        text_fields.columns(["a' || 'b"])
