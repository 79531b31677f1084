"""Entries of the audit trail, the latest first, of who, what, on which thing, and when.

Whatever one of these is asked for has an index in the order of the list: by church
(ix_audit_entries_church_id_at), by actor (…_actor_id), by action (…_action), by thing (…_thing_id).
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from koinonia.auth.running import Running
from koinonia.common import db
from koinonia.common.files import spreadsheet_cells
from koinonia.common.files.spreadsheet_cells import harmless
from koinonia.common.pagination import Page, PageParams

BATCH = 1_000
MOST = 100_000  # entries of one file; for more, ask for the time before
COLUMNS = ("at", "action", "actor", "actorId", "actorName", "thingId", "network", "details")
LATEST = db.Order({"at": datetime, "id": UUID}, descending=True, prefix="e.")

SHOWN = """
    SELECT e.id, e.at, e.action, e.actor, e.actor_id,
           coalesce(e.actor_name, nullif(concat_ws(' ', a.first_name, a.last_name), ''), a.email)
               AS actor_name,
           e.thing_id, e.address, CAST(e.details AS text) AS details
      FROM audit_entries e
      LEFT JOIN admins a ON a.church_id = e.church_id AND a.id = e.actor_id
"""


class Entry(NamedTuple):
    """``details`` is JSON."""

    id: UUID
    at: datetime
    action: str
    actor: str  # an Actor
    actor_id: UUID | None
    actor_name: str | None
    thing_id: UUID | None
    address: str | None
    details: str


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Everything given must hold; ``until`` is the first instant that is too late."""

    actor_id: UUID | None = None
    action: str | None = None
    thing_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def sql(self) -> str:
        conditions = [sql for name, sql in _CONDITIONS.items() if getattr(self, name) is not None]
        return " AND ".join(("true", *conditions))

    @property
    def parameters(self) -> dict[str, object]:
        given = {name: getattr(self, name) for name in _CONDITIONS}
        return {name: value for name, value in given.items() if value is not None}


_CONDITIONS = {
    "actor_id": "e.actor_id = :actor_id",
    "action": "e.action = :action",
    "thing_id": "e.thing_id = :thing_id",
    "since": "e.at >= :since",
    "until": "e.at < :until",
}


async def page(session: db.Session, wanted: EntryFilter, params: PageParams) -> Page[Entry]:
    return await db.page(
        session, Entry, f"{SHOWN} WHERE {wanted.sql}", wanted.parameters, params, LATEST
    )


async def csv_pieces(running: Running, church_id: UUID, wanted: EntryFilter) -> AsyncIterator[str]:
    """A file of at most MOST entries, the latest first. It is read a page at a time, each in a
    transaction of its own: whoever downloads slowly holds no connection."""
    yield spreadsheet_cells.lines([COLUMNS])
    last: Entry | None = None
    for _ in range(MOST // BATCH):
        async with running.database.transaction(church_id, bulk=True) as session:
            found = await _older(session, wanted, last)
        if not found:
            return
        yield spreadsheet_cells.lines(map(_row, found))
        last = found[-1]


async def _older(session: db.Session, wanted: EntryFilter, last: Entry | None) -> Sequence[Entry]:
    """The next entries after ``last``."""
    after = f"AND {LATEST.after}" if last else ""
    begin = {"after_at": last.at, "after_id": last.id} if last else {}
    return await db.rows(
        session,
        Entry,
        f"{SHOWN} WHERE {wanted.sql} {after} ORDER BY {LATEST.clause} LIMIT :batch",
        {**wanted.parameters, **begin, "batch": BATCH},
    )


def _row(entry: Entry) -> tuple[str, ...]:
    return (
        entry.at.isoformat(),
        entry.action,
        entry.actor,
        str(entry.actor_id or ""),
        harmless(entry.actor_name or ""),
        str(entry.thing_id or ""),
        entry.address or "",
        harmless(entry.details),
    )
