"""What can be wrong with a segment, and what to do about it."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID

from koinonia.common import errors
from koinonia.common.schema import Schema
from koinonia.messaging.people.filters.preparation import Missing


class NoSuchSegment(errors.NotFound):
    code = "SEGMENT_NOT_FOUND"
    message = "There is no segment with this id. GET /api/segments lists yours."


class SegmentExists(errors.Conflict):
    code = "SEGMENT_EXISTS"
    message = "A segment of this name exists already. Choose another name or change that one."


class TooManySegments(errors.Conflict):
    code = "TOO_MANY_SEGMENTS"
    message = "A church has at most 200 segments. Remove one that is not needed any more."


class UsesOfSegment(Schema):
    schedules: list[str]


class SegmentInUse(errors.Conflict):
    code = "SEGMENT_IN_USE"
    details_type = UsesOfSegment
    message = "Scheduled messages are for this segment."

    @classmethod
    def by(cls, schedules: Sequence[str]) -> Self:
        """``schedules``: their names, or ids where they have none."""
        uses = ", ".join(schedules[:5]) + (" and others" if len(schedules) > 5 else "")
        return cls(
            f"These scheduled messages are for this segment: {uses}. Give them another target or "
            "cancel them first.",
            details={"schedules": list(schedules)},
        )


class RemovedOfSegment(Schema):
    """What the filter names and the church no longer has: ids of groups and branches, keys of
    fields."""

    segment_id: UUID
    groups: list[UUID]
    branches: list[UUID]
    fields: list[str]


class SegmentBroken(errors.Conflict):
    code = "SEGMENT_BROKEN"
    details_type = RemovedOfSegment
    message = "The filter of this segment names what was removed."

    @classmethod
    def names_removed(cls, segment_id: UUID, name: str, missing: Missing) -> Self:
        things = {"group": missing.groups, "branch": missing.branches, "field": missing.fields}
        which = " and ".join(f"a {thing}" for thing, found in things.items() if found)
        return cls._broken(
            segment_id,
            missing,
            f"The segment “{name}” names {which} that was removed, so nobody can say whom it "
            "means. Change its filter with PATCH /api/segments/{id}, then send.",
        )

    @classmethod
    def unreadable(cls, segment_id: UUID, name: str) -> Self:
        return cls._broken(
            segment_id,
            Missing([], [], []),
            f"The filter of the segment “{name}” was saved by a newer version of Koinonia. Change "
            "it with PATCH /api/segments/{id}, then send.",
        )

    @classmethod
    def _broken(cls, segment_id: UUID, missing: Missing, sentence: str) -> Self:
        return cls(
            sentence,
            details={
                "segmentId": str(segment_id),
                "groups": [str(each) for each in missing.groups],
                "branches": [str(each) for each in missing.branches],
                "fields": missing.fields,
            },
        )
