"""What other systems of a church, such as its management, call its people.

A member may have several ids, also of one system: that system may have somebody twice.
"""

import re
from collections.abc import Mapping
from typing import Annotated, NamedTuple
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db

System = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,39}$")]
ID = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._:@+=~-]{0,99}$")
ExternalId = Annotated[str, StringConstraints(pattern=ID.pattern)]


class Link(NamedTuple):
    """Whom an id means."""

    external_id: str
    member_id: UUID


async def found(
    session: db.Session, church_id: UUID, system: str, external_ids: list[str]
) -> dict[str, UUID]:
    """The members that these ids of ``system`` mean."""
    links = await db.rows(
        session,
        Link,
        """
        SELECT external_id, member_id FROM external_ids
         WHERE church_id = :church AND system = :system
           AND external_id = ANY(CAST(:ids AS text[]))
        """,
        {"church": church_id, "system": system, "ids": external_ids},
    )
    return {link.external_id: link.member_id for link in links}


async def add(
    session: AsyncSession, church_id: UUID, system: str, given: Mapping[str, UUID]
) -> set[str]:
    """Give members ids by which nobody is known yet; returns those that were new."""
    if not given:
        return set()
    added = await db.values(
        session,
        str,
        """
        INSERT INTO external_ids (church_id, system, external_id, member_id)
        SELECT :church, :system, external_id, member_id
          FROM unnest(CAST(:ids AS text[]), CAST(:members AS uuid[]))
               AS given (external_id, member_id)
        ON CONFLICT DO NOTHING
        RETURNING external_id
        """,
        {
            "church": church_id,
            "system": system,
            "ids": list(given),
            "members": list(given.values()),
        },
    )
    return set(added)
