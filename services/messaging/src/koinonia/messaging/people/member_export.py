"""The members of a filter, however many, for a file.

They are read a page at a time, each in a transaction of its own: whoever downloads slowly holds no
connection. Pages are made one at a time, whoever asks for how many files. Somebody who joins or
leaves meanwhile may be in the file or not; nobody is in it twice.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.files import spreadsheet_cells
from koinonia.common.files.spreadsheet_cells import harmless
from koinonia.common.phone import Phones
from koinonia.messaging.composing import custom_fields
from koinonia.messaging.people.filters.conditions import Conditions
from koinonia.messaging.people.group_membership import Pair
from koinonia.messaging.people.members import FOUND, IDS, PLAIN, Member
from koinonia.messaging.running import Running

PAGE = 500
COLUMNS = (
    *("id", "firstName", "lastName", "phone", "email", "timezone", "consent", "groups"),
    *("externalIds", "lastHeardFrom", "createdAt", "updatedAt"),
)
BETWEEN = "; "  # several values of one cell

log = structlog.get_logger()

Encode = Callable[[Sequence[Member]], str]
"""A page of members as a piece of the file."""


class Group(NamedTuple):
    """``rank``: by name. ``label`` is as an import names it (``North/Youth``)."""

    id: UUID
    name: str
    label: str
    rank: int


class Sheet(NamedTuple):
    """What a file of members needs to know of the church: its own fields, which are columns, and
    its groups."""

    keys: list[str]
    groups: dict[UUID, Group]

    @property
    def head(self) -> str:
        return spreadsheet_cells.lines([(*COLUMNS, *self.keys)])


async def pieces(
    running: Running,
    church_id: UUID,
    admin_id: UUID,
    wanted: Conditions,
    known: Sheet,
    encode: Encode,
    form: str,
) -> AsyncIterator[str]:
    """The file, in the order of joining. It is written down who took out how many."""
    after, rows = UUID(int=0), 0
    try:
        while True:
            async with running.export_turn:
                async with running.database.transaction(church_id, bulk=True) as session:
                    found = await _page(session, wanted, after, known.groups)
                piece = await asyncio.to_thread(encode, found)
            if not found:
                return
            yield piece
            after, rows = found[-1].id, rows + len(found)
    finally:
        log.info(
            "members.exported",
            church_id=str(church_id),
            admin_id=str(admin_id),
            rows=rows,
            form=form,
            is_filtered=wanted.sql != "true",
        )


async def sheet(session: AsyncSession) -> Sheet:
    keys = set((await custom_fields.columns(session)).values())
    groups = await db.rows(
        session,
        Group,
        """
        SELECT g.id, g.name, b.name || '/' || g.name AS label,
               row_number() OVER (ORDER BY g.name_key, g.id) AS rank
          FROM groups g JOIN branches b ON b.church_id = g.church_id AND b.id = g.branch_id
        """,
    )
    return Sheet(sorted(keys), {each.id: each for each in groups})


def csv_rows(members: Sequence[Member], known: Sheet, phones: Phones) -> str:
    return spreadsheet_cells.lines(_row(each, known, phones) for each in members)


def _row(member: Member, known: Sheet, phones: Phones) -> tuple[str, ...]:
    labels = [known.groups[group_id].label for group_id in member.group_ids]
    ids = [
        f"{system}:{external_id}"
        for system, external_id in zip(member.systems, member.external_ids, strict=True)
    ]
    said = (member.first_name, member.last_name)
    return (
        str(member.id),
        *map(harmless, said),
        phones.open(member.phone_sealed),
        harmless(member.email or ""),
        member.timezone or "",
        member.consent,
        harmless(BETWEEN.join(labels)),
        harmless(BETWEEN.join(ids)),
        member.last_heard_from.isoformat() if member.last_heard_from else "",
        member.created_at.isoformat(),
        member.updated_at.isoformat(),
        *(harmless(member.custom.get(key, "")) for key in known.keys),
    )


async def _page(
    session: AsyncSession, wanted: Conditions, after: UUID, groups: Mapping[UUID, Group]
) -> list[Member]:
    """The groups of a page are asked for at once: of each member alone, they take three times as
    long as all the rest of a member."""
    found = await db.rows(
        session,
        Member,
        f"""
        SELECT {PLAIN}, CAST('{{}}' AS uuid[]) AS group_ids, CAST('{{}}' AS text[]) AS group_names,
               {IDS}
          FROM {FOUND}
         WHERE m.id > :after AND {wanted.sql} ORDER BY m.id LIMIT :page
        """,
        {**wanted.parameters, "after": after, "page": PAGE},
    )
    pairs = await db.rows(
        session,
        Pair,
        """
        SELECT group_id, member_id FROM group_members
         WHERE member_id = ANY(CAST(:ids AS uuid[]))
        """,
        {"ids": [member.id for member in found]},
    )
    of_member: dict[UUID, list[UUID]] = defaultdict(list)
    for pair in pairs:
        if pair.group_id in groups:  # one that was made meanwhile is not in the file
            of_member[pair.member_id].append(pair.group_id)
    return [_with_groups(member, of_member[member.id], groups) for member in found]


def _with_groups(member: Member, ids: list[UUID], groups: Mapping[UUID, Group]) -> Member:
    ids.sort(key=lambda each: groups[each].rank)
    return member._replace(group_ids=ids, group_names=[groups[each].name for each in ids])
