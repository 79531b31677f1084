"""Segments: saved filters of people. What they mean is looked up each time, so a segment is always
of the people of now."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import orjson
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.pagination import Page, PageParams
from koinonia.messaging import names
from koinonia.messaging.composing import schedules_using
from koinonia.messaging.people.filters import preparation
from koinonia.messaging.people.filters.people_filter import PeopleFilter
from koinonia.messaging.people.filters.preparation import Missing
from koinonia.messaging.people.segments.segment_errors import (
    NoSuchSegment,
    SegmentBroken,
    SegmentExists,
    SegmentInUse,
    TooManySegments,
)

MOST = 200


class Segment(NamedTuple):
    """``filter`` is a ``PeopleFilter`` as it was given."""

    id: UUID
    name: str
    name_key: str
    filter: dict[str, object]
    created_at: datetime
    updated_at: datetime


_SHOWN = "SELECT id, name, name_key, filter, created_at, updated_at FROM segments"


async def page(session: db.Session, params: PageParams) -> Page[Segment]:
    """By name (segments_church_id_name_key_key)."""
    return await db.page(
        session,
        Segment,
        f"{_SHOWN} WHERE true",
        {},
        params,
        db.Order({"name_key": str, "id": UUID}),
        counted="SELECT count(*) FROM segments",
    )


async def get(session: db.Session, segment_id: UUID) -> Segment:
    """Raises ``NoSuchSegment``."""
    return await db.one(
        session, Segment, f"{_SHOWN} WHERE id = :id", {"id": segment_id}, missing=NoSuchSegment
    )


async def usable(session: AsyncSession, church_id: UUID, segment_id: UUID) -> Segment:
    """A segment that nobody changes or removes until the transaction ends; raises
    ``NoSuchSegment``, and ``SegmentBroken`` where it names what was removed."""
    segment = await db.one(
        session,
        Segment,
        f"{_SHOWN} WHERE id = :id FOR SHARE",
        {"id": segment_id},
        missing=NoSuchSegment,
    )
    await check(session, church_id, segment)
    return segment


async def check(session: db.Session, church_id: UUID, segment: Segment) -> None:
    """Raises ``SegmentBroken`` where it names what was removed."""
    known = await preparation.known(session, church_id, [wanted(segment)])
    if missing := known.missing(wanted(segment)):
        raise SegmentBroken.names_removed(segment.id, segment.name, missing)


async def missing(
    session: db.Session, church_id: UUID, found: list[Segment]
) -> dict[UUID, Missing | None]:
    """What each of ``found`` names and the church no longer has."""
    filters: dict[UUID, PeopleFilter] = {}
    for segment in found:
        with suppress(SegmentBroken):
            filters[segment.id] = wanted(segment)
    known = await preparation.known(session, church_id, list(filters.values()))
    unread = Missing([], [], [])
    return {
        segment.id: known.missing(filters[segment.id]) if segment.id in filters else unread
        for segment in found
    }


def wanted(segment: Segment) -> PeopleFilter:
    """Its filter. One that this program cannot read, for a newer one saved it, raises
    ``SegmentBroken``: read in part, it would mean more people."""
    try:
        return PeopleFilter.model_validate(segment.filter)
    except ValidationError:
        raise SegmentBroken.unreadable(segment.id, segment.name) from None


async def create(
    session: AsyncSession, church_id: UUID, admin_id: UUID, name: str, filter_: PeopleFilter
) -> Segment:
    """Raises what is wrong with the filter, as ``preparation.check`` does."""
    await preparation.check(session, church_id, filter_)
    await db.run(  # nobody else adds one before the transaction ends
        session,
        "SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))",
        {"key": f"segments {church_id}"},
    )
    if await db.count(session, "SELECT count(*) FROM segments") >= MOST:
        raise TooManySegments
    segment_id = db.uuid7()
    with db.violations_as(SegmentExists):
        await db.run(
            session,
            """
            INSERT INTO segments (id, church_id, name, name_key, filter, created_by)
            VALUES (:id, :church, :name, :key, CAST(:filter AS jsonb), :admin)
            """,
            {
                "id": segment_id,
                "church": church_id,
                "name": name,
                "key": names.key(name),
                "filter": _json(filter_),
                "admin": admin_id,
            },
        )
    return await get(session, segment_id)


async def change(
    session: AsyncSession,
    church_id: UUID,
    segment_id: UUID,
    name: str | None,
    filter_: PeopleFilter | None,
) -> Segment:
    """Change what is given. Messages that were made keep the filter that they were made with."""
    segment = await get(session, segment_id)
    if filter_ is not None:
        await preparation.check(session, church_id, filter_)
    with db.violations_as(SegmentExists):
        await db.run(
            session,
            """
            UPDATE segments
               SET name = :name, name_key = :key, updated_at = now(),
                   filter = coalesce(CAST(:filter AS jsonb), filter)
             WHERE id = :id
            """,
            {
                "id": segment_id,
                "name": name or segment.name,
                "key": names.key(name or segment.name),
                "filter": None if filter_ is None else _json(filter_),
            },
        )
    return await get(session, segment_id)


async def remove(session: AsyncSession, segment_id: UUID) -> None:
    """Remove a segment, unless a schedule is for it."""
    # The row goes first: whoever makes a schedule of it meanwhile holds it, or finds it gone.
    if not await db.run(session, "DELETE FROM segments WHERE id = :id", {"id": segment_id}):
        raise NoSuchSegment
    if schedules := await schedules_using.with_segment(session, segment_id):
        raise SegmentInUse.by(schedules)


def _json(filter_: PeopleFilter) -> str:
    said: Mapping[str, object] = filter_.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return orjson.dumps(said).decode()
