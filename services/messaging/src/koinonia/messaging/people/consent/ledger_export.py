"""The whole ledger of a church as CSV (RFC 4180), for the audit of a carrier.

It is read a page at a time, each in a transaction of its own: whoever downloads slowly holds no
connection, and an append-only ledger reads the same in many transactions as in one. Pages are made
one at a time, whoever asks for how many exports: to open phones takes the processor from others.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from koinonia.common.files import spreadsheet_cells
from koinonia.common.files.spreadsheet_cells import harmless
from koinonia.common.phone import Phones
from koinonia.messaging.people.consent import ledger_history
from koinonia.messaging.people.consent.ledger_history import Sealed, Shown
from koinonia.messaging.running import Running

PAGE = 1000
COLUMNS = (
    "phone",
    "state",
    "kind",
    "method",
    "ministry",
    "words",
    "note",
    "sourceMessage",
    "confirmation",
    "actor",
    "ipAddress",
    "occurredAt",
    "recordedAt",
)


async def lines(running: Running, church_id: UUID) -> AsyncIterator[str]:
    """The header and the entries in the order of recording."""
    yield spreadsheet_cells.lines([COLUMNS])
    after: UUID | None = None
    while True:
        async with running.export_turn:
            async with running.database.transaction(church_id, bulk=True) as session:
                rows = await ledger_history.sealed_page(session, church_id, after, PAGE)
            page = await asyncio.to_thread(_page, rows, running.phones)
        if not rows:
            return
        after = rows[-1].id
        yield page


def _page(rows: Sequence[Sealed], phones: Phones) -> str:
    return spreadsheet_cells.lines(_row(entry) for entry in ledger_history.opened(rows, phones))


def _row(entry: Shown) -> tuple[str, ...]:
    said = (entry.group_name, entry.words, entry.note)
    ministry, words, note = (harmless(text or "") for text in said)
    if entry.group_id and not ministry:
        ministry = str(entry.group_id)  # the group is no more
    ids = (entry.source_id, entry.answer_id, entry.actor_id)
    return (
        entry.phone,
        entry.state or "",
        entry.kind,
        entry.method,
        ministry,
        words,
        note,
        *(str(each) if each else "" for each in ids),
        harmless(entry.address or ""),
        entry.occurred_at.isoformat(),
        entry.recorded_at.isoformat(),
    )
