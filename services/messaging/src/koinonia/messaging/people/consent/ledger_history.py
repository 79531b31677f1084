"""The ledger as staff and auditors read it: opened, and with names of groups."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.phone import Phones
from koinonia.messaging.people.consent import sealed_words


class Sealed(NamedTuple):
    """One entry as it is kept: the phone, words and note are sealed."""

    id: UUID
    phone_sealed: str
    kind: str
    method: str
    group_id: UUID | None
    group_name: str | None
    words: str | None
    note: str | None
    source_id: UUID | None
    answer_id: UUID | None
    actor_id: UUID | None
    address: str | None
    occurred_at: datetime
    recorded_at: datetime
    state: str | None


class Group(NamedTuple):
    id: UUID
    name: str


SHOWN = """
    e.id, e.phone_sealed, e.kind, e.method, e.scope AS group_id, g.name AS group_name, e.words,
    e.note, coalesce(e.event_id, e.message_id) AS source_id, e.answer_id, e.actor_id, e.address,
    e.occurred_at, e.recorded_at, c.state
"""
JOINED = """
      FROM consent_events e
      LEFT JOIN consents c ON c.church_id = e.church_id AND c.phone_index = e.phone_index
      LEFT JOIN groups g ON g.church_id = e.church_id AND g.id = e.scope
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry, opened. ``source_id`` is the text of the person or ours that was refused."""

    id: UUID
    phone: str = field(repr=False)
    kind: str
    method: str
    group_id: UUID | None
    group_name: str | None
    words: str | None = field(repr=False)
    note: str | None = field(repr=False)
    source_id: UUID | None
    answer_id: UUID | None
    actor_id: UUID | None
    address: str | None
    occurred_at: datetime
    recorded_at: datetime
    state: str | None  # of the phone, now


async def history(
    session: db.Session, church_id: UUID, phone_index: str, phones: Phones
) -> list[Shown]:
    """All entries about one phone, in the order of saying."""
    found = await db.rows(
        session,
        Sealed,
        f"""
        SELECT {SHOWN} {JOINED}
         WHERE e.church_id = :church AND e.phone_index = :index ORDER BY e.occurred_at, e.id
        """,
        {"church": church_id, "index": phone_index},
    )
    return opened(found, phones)


async def sealed_page(
    session: AsyncSession, church_id: UUID, after: UUID | None, size: int
) -> list[Sealed]:
    """Sealed rows of all phones in the order of recording, from the primary key."""
    return await db.rows(
        session,
        Sealed,
        f"""
        SELECT {SHOWN} {JOINED}
         WHERE e.church_id = :church {"AND e.id > :after" if after else ""}
         ORDER BY e.church_id, e.id LIMIT :size
        """,
        {"church": church_id, "after": after, "size": size},
    )


async def stopped_groups(session: db.Session, church_id: UUID, phone_index: str) -> list[Group]:
    """The ministries that this phone left."""
    return await db.rows(
        session,
        Group,
        """
        SELECT g.id, g.name FROM group_stops s
          JOIN groups g ON g.church_id = s.church_id AND g.id = s.group_id
         WHERE s.church_id = :church AND s.phone_index = :index ORDER BY g.name_key, g.id
        """,
        {"church": church_id, "index": phone_index},
    )


def opened(rows: Sequence[Sealed], phones: Phones) -> list[Shown]:
    """With phones and words in plain text."""
    return [_opened(row, phones) for row in rows]


def _opened(row: Sealed, phones: Phones) -> Shown:
    values = row._asdict()
    values["phone"] = phones.open(values.pop("phone_sealed"))
    for name in ("words", "note"):
        values[name] = sealed_words.opened(phones, values[name]) if values[name] else None
    return Shown(**values)
