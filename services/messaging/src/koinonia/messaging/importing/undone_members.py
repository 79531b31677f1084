"""Members are put back as they were before an import, where nobody changed them since."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db, outbox
from koinonia.common.events.messaging import MemberRemoved, MemberSnapshot, MemberUpdated
from koinonia.messaging import names
from koinonia.messaging.composing import custom_fields
from koinonia.messaging.importing.stored_parts import RowResult
from koinonia.messaging.people import group_membership

LABELS = {
    "first_name": "the first name",
    "last_name": "the last name",
    "phone_index": "the phone",
    "email": "the email address",
    "timezone": "the time zone",
}
IN_OTHER_GROUPS = "They are in other groups by now, so they were not removed."
NAME_TAKEN = "Another member has their earlier name and phone by now."
WRITTEN = {
    "first_name": "text",
    "last_name": "text",
    "first_key": "text",
    "last_key": "text",
    "email": "text",
    "timezone": "text",
    "phone_sealed": "text",
    "phone_index": "text",
    "phone_last_four": "bigint",
    "phone_last_seven": "bigint",
    "zones": "text",
}


class _Member(NamedTuple):
    id: UUID
    first_name: str
    last_name: str
    first_key: str
    last_key: str
    email: str | None
    timezone: str | None
    phone_sealed: str
    phone_index: str
    phone_last_four: int | None
    phone_last_seven: int | None
    zones: str | None
    custom: dict[str, str]
    group_ids: list[UUID]


class Undone(NamedTuple):
    """How many members."""

    removed: int
    put_back: int


async def undo(
    session: AsyncSession, church_id: UUID, rows: Sequence[RowResult], system: str | None
) -> Undone:
    """Put back what ``rows`` wrote; each row of which something stays has the reason afterwards."""
    written = {each.member_id: each for each in rows if each.member_id and each.after is not None}
    members = await _locked(session, list(written))
    new = [
        (each, members[key])
        for key, each in written.items()
        if each.before is None and key in members
    ]
    old = [
        (each, members[key])
        for key, each in written.items()
        if each.before is not None and key in members
    ]
    fields = set((await custom_fields.columns(session)).values())
    removed = [member.id for row, member in new if _is_untouched(row, member, fields)]
    await db.run(
        session,
        "DELETE FROM members WHERE church_id = :church AND id = ANY(CAST(:ids AS uuid[]))",
        {"church": church_id, "ids": removed},
    )
    if removed:
        await outbox.add(session, MemberRemoved(church_id=church_id, member_ids=removed))
    await _leave(session, church_id, [row for row, _ in old])
    await _unlink(session, church_id, [row for row, _ in old], system)
    put_back = await _put_back(session, church_id, old)
    changed = {row.row for row, _ in old if row.joined or row.linked} | put_back
    return Undone(len(removed), len(changed))


def _is_untouched(row: RowResult, member: _Member, fields: Collection[str]) -> bool:
    """A field that was removed since took its values along, and nobody changed them by that."""
    after = row.after or {}
    changed = [label for name, label in LABELS.items() if after.get(name) != getattr(member, name)]
    custom = after.get("custom")
    if isinstance(custom, Mapping):
        custom = {key: each for key, each in custom.items() if key in fields}
    if (custom or {}) != member.custom:
        changed.append("a field")
    if changed:
        row.kept = f"Somebody changed {', '.join(changed)} since, so they were not removed."
    elif set(member.group_ids) - set(row.joined):
        row.kept = IN_OTHER_GROUPS
    return row.kept is None


async def _locked(session: AsyncSession, member_ids: Sequence[UUID]) -> dict[UUID, _Member]:
    shown = ", ".join(f"m.{name}" for name in _Member._fields if name != "group_ids")
    found = await db.rows(
        session,
        _Member,
        f"""
        SELECT {shown},
               ARRAY(SELECT gm.group_id FROM group_members gm WHERE gm.member_id = m.id)
               AS group_ids
          FROM members m WHERE m.id = ANY(CAST(:ids AS uuid[])) ORDER BY m.id FOR UPDATE
        """,
        {"ids": list(member_ids)},
    )
    return {each.id: each for each in found}


async def _leave(session: AsyncSession, church_id: UUID, rows: Sequence[RowResult]) -> None:
    pairs = [(each, row.member_id) for row in rows if row.member_id for each in row.joined]
    await group_membership.leave_these(session, church_id, pairs)


async def _unlink(
    session: AsyncSession, church_id: UUID, rows: Sequence[RowResult], system: str | None
) -> None:
    if linked := {each.linked: each.member_id for each in rows if each.linked}:
        await db.run(
            session,
            """
            DELETE FROM external_ids x
             USING unnest(CAST(:ids AS text[]), CAST(:members AS uuid[])) AS given (id, member_id)
             WHERE x.church_id = :church AND x.system = :system
               AND x.external_id = given.id AND x.member_id = given.member_id
            """,
            {
                "church": church_id,
                "system": system,
                "ids": list(linked),
                "members": list(linked.values()),
            },
        )


async def _put_back(
    session: AsyncSession, church_id: UUID, rows: Sequence[tuple[RowResult, _Member]]
) -> set[int]:
    """Returns the rows of which a member was changed."""
    earlier = [(row, member, _earlier(row, member)) for row, member in rows]
    moving = [
        each
        for _, member, each in earlier
        if (each.phone_index, each.first_key) != (member.phone_index, member.first_key)
    ]
    taken = await _taken(session, moving)
    writing: list[_Member] = []
    changed: set[int] = set()
    for row, member, before in earlier:
        back = before
        if member.id in taken:
            row.kept = NAME_TAKEN
            back = member._replace(
                email=before.email, timezone=before.timezone, custom=before.custom
            )
        if back != member:
            writing.append(back)
            changed.add(row.row)
    await _write(session, writing)
    if writing:
        shown = [_snapshot(each) for each in writing]
        await outbox.add(session, MemberUpdated(church_id=church_id, members=shown))
    return changed


def _earlier(row: RowResult, member: _Member) -> _Member:
    """The member as they were, but for what somebody changed since."""
    before, after = dict(row.before or {}), dict(row.after or {})
    values: dict[str, object] = {}
    changed: list[str] = []
    name = {"first_name", "last_name", "phone_index"} & before.keys()
    if name and any(getattr(member, each) != after[each] for each in name):
        changed.append("the name or the phone")
    elif name:
        values |= {each: before[each] for each in WRITTEN if each in before}
    for each in ("email", "timezone"):
        if each in before:
            if getattr(member, each) == after[each]:
                values[each] = before[each]
            else:
                changed.append(LABELS[each])
    custom = _custom(before.get("custom"), after.get("custom"), member, changed)
    if changed:
        row.kept = f"Somebody changed {', '.join(changed)} since, so that stayed."
    found = _Member._make(
        values.get(column, getattr(member, column)) for column in _Member._fields
    )._replace(custom=custom)
    if not name or "first_key" in before or not values:
        return found
    keys = (
        names.key(found.first_name, found.last_name),
        names.key(found.last_name, found.first_name),
    )
    return found._replace(first_key=keys[0], last_key=keys[1])


def _custom(before: object, after: object, member: _Member, changed: list[str]) -> dict[str, str]:
    custom = dict(member.custom)
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return custom
    for key, value in before.items():
        if custom.get(key) != after[key]:
            changed.append(key)
        elif value is None:
            custom.pop(key, None)
        else:
            custom[key] = value
    return custom


async def _taken(session: AsyncSession, members: Sequence[_Member]) -> set[UUID]:
    """Whose name and phone somebody else has."""
    found = await db.values(
        session,
        UUID,
        """
        SELECT given.id
          FROM unnest(CAST(:ids AS uuid[]), CAST(:indexes AS text[]), CAST(:keys AS text[]))
               AS given (id, index, key)
          JOIN members m ON m.phone_index = given.index AND m.first_key = given.key
                        AND m.id <> given.id
        """,
        {
            "ids": [each.id for each in members],
            "indexes": [each.phone_index for each in members],
            "keys": [each.first_key for each in members],
        },
    )
    return set(found)


async def _write(session: AsyncSession, members: Sequence[_Member]) -> None:
    if not members:
        return
    arrays = ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in WRITTEN.items())
    await db.run(
        session,
        f"""
        UPDATE members m
           SET {", ".join(f"{name} = given.{name}" for name in WRITTEN)},
               custom = CAST(given.custom AS jsonb), updated_at = now()
          FROM unnest(CAST(:id AS uuid[]), CAST(:custom AS text[]), {arrays})
               AS given (id, custom, {", ".join(WRITTEN)})
         WHERE m.id = given.id
        """,
        {
            "id": [each.id for each in members],
            "custom": [orjson.dumps(each.custom).decode() for each in members],
            **{name: [getattr(each, name) for each in members] for name in WRITTEN},
        },
    )


def _snapshot(member: _Member) -> MemberSnapshot:
    return MemberSnapshot(
        member_id=member.id,
        first_name=member.first_name,
        last_name=member.last_name,
        sealed_phone=member.phone_sealed,
        phone_index=member.phone_index,
    )
