"""The rows of a file and what became of them, in parts: packed, and sealed like phones."""

import zlib
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import orjson
from pydantic import Field, TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.phone import Phones
from koinonia.common.schema import Schema

Line = tuple[int, list[str]]
"""A row's number and its cells."""

_LINES: TypeAdapter[list[Line]] = TypeAdapter(list[tuple[int, list[str]]])


class RowResult(Schema):
    """What became of one row. ``before`` and ``after`` are what was changed of its member (None
    before: it is new); ``kept`` is why something was not undone. ``code`` and ``values`` say the
    reason to programs."""

    row: int
    outcome: str
    member_id: UUID | None = None
    reason: str | None = None
    code: str | None = None
    values: dict[str, str] = Field(default_factory=dict)
    before: dict[str, object] | None = None
    after: dict[str, object] | None = None
    joined: list[UUID] = Field(default_factory=list)
    linked: str | None = None
    kept: str | None = None


class PartResult(Schema):
    """``granted`` are entries of the ledger with phone and sealed phone."""

    rows: list[RowResult]
    granted: list[tuple[UUID, str, str]] = Field(default_factory=list)


class _Part(NamedTuple):
    content: bytes
    result: bytes | None


def sealed(phones: Phones, job_id: UUID, lines: Sequence[Line]) -> bytes:
    """Slow (CPU), so it belongs in a thread."""
    return phones.ring.seal(zlib.compress(orjson.dumps(lines), 1), _context(job_id))


async def add(session: AsyncSession, church_id: UUID, job_id: UUID, parts: Sequence[bytes]) -> None:
    for start in range(0, len(parts), 20):
        some = parts[start : start + 20]
        await db.run(
            session,
            """
            INSERT INTO import_parts (church_id, job_id, number, content)
            SELECT :church, :job, number, content
              FROM unnest(CAST(:numbers AS integer[]), CAST(:contents AS bytea[]))
                   AS given (number, content)
            """,
            {
                "church": church_id,
                "job": job_id,
                "numbers": list(range(start, start + len(some))),
                "contents": list(some),
            },
        )


async def lines(session: db.Session, phones: Phones, job_id: UUID, number: int) -> list[Line]:
    part = await _part(session, job_id, number)
    return _opened_lines(phones, job_id, part.content) if part else []


async def both(
    session: AsyncSession, phones: Phones, job_id: UUID, number: int
) -> tuple[list[Line], PartResult | None]:
    """The rows and, if the part was worked off, what became of them."""
    part = await _part(session, job_id, number)
    if part is None:
        return [], None
    result = part.result and PartResult.model_validate_json(_opened(phones, job_id, part.result))
    return _opened_lines(phones, job_id, part.content), result or None


async def keep(
    session: AsyncSession, phones: Phones, job_id: UUID, number: int, result: PartResult
) -> None:
    said = result.model_dump_json(exclude_defaults=True).encode()
    packed = phones.ring.seal(zlib.compress(said, 1), _context(job_id))
    await db.run(
        session,
        "UPDATE import_parts SET result = :result WHERE job_id = :job AND number = :number",
        {"result": packed, "job": job_id, "number": number},
    )


async def forget_results(session: AsyncSession, job_id: UUID) -> None:
    """The file is to be worked through from its begin."""
    for statement in (
        "UPDATE import_parts SET result = NULL WHERE job_id = :job AND result IS NOT NULL",
        "DELETE FROM import_people WHERE job_id = :job",
    ):
        await db.run(session, statement, {"job": job_id})


async def _part(session: db.Session, job_id: UUID, number: int) -> _Part | None:
    return await db.first(
        session,
        _Part,
        "SELECT content, result FROM import_parts WHERE job_id = :job AND number = :number",
        {"job": job_id, "number": number},
    )


def _opened_lines(phones: Phones, job_id: UUID, content: bytes) -> list[Line]:
    return _LINES.validate_json(_opened(phones, job_id, content))


def _opened(phones: Phones, job_id: UUID, value: bytes) -> bytes:
    return zlib.decompress(phones.ring.open(value, _context(job_id)))


def _context(job_id: UUID) -> bytes:
    return f"import {job_id}".encode()
