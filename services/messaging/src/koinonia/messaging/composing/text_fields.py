"""The fields that a text may name: those every member has, and those a church defines itself
(``custom_fields.py``), as names and as columns."""

import re
from collections.abc import Sequence
from uuid import UUID

from koinonia.common import db

KEY = re.compile(r"[a-z][a-zA-Z0-9]{0,39}", flags=re.ASCII)

CHURCH_NAME = "churchName"
BUILT_IN = {
    "firstName": "m.first_name",
    "lastName": "m.last_name",
    "fullName": "btrim(m.first_name || ' ' || m.last_name)",
    CHURCH_NAME: "(SELECT c.name FROM churches c WHERE c.church_id = :church_id)",
}
"""SQL over ``members m``; the church's name is the same for all."""


async def known(session: db.Session, church_id: UUID, *, is_held: bool = False) -> list[str]:
    """Every name a text may use: the built-in ones first, then the church's by key. ``is_held``:
    none of them is removed before this transaction ends."""
    own = await db.values(
        session,
        str,
        f"""
        SELECT key FROM custom_fields WHERE church_id = :church_id ORDER BY key
        {"FOR KEY SHARE" if is_held else ""}
        """,
        {"church_id": church_id},
    )
    return [*BUILT_IN, *own]


def columns(fields: Sequence[str]) -> str:
    """SQL for the values of ``fields`` as text[], over ``members m`` grouped by phone.

    A household gives "Anna, Ben and Cara", in the order in which they come and each name once; a
    value that nobody of it has is NULL. Parameter: ``church_id``, for the name of the church.
    """
    if not fields:
        return "CAST(NULL AS text[])"
    return f"CAST(ARRAY[{', '.join(map(_column, fields))}] AS text[])"


def _column(field: str) -> str:
    if field == CHURCH_NAME:
        return f"nullif({BUILT_IN[field]}, '')"
    if not KEY.fullmatch(field):  # it becomes a part of a statement
        raise ValueError("not the name of a field")
    one = BUILT_IN.get(field, f"m.custom ->> '{field}'")
    return (
        f"CASE WHEN count(*) = 1 THEN nullif(min({one}), '') ELSE household(array_agg({one})) END"
    )
