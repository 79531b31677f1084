"""Requests to merge two members, and what was done."""

from uuid import UUID

from pydantic import Field

from koinonia.common.schema import Input, Schema
from koinonia.messaging.people.merge import Which
from koinonia.messaging.people.schemas import MemberOut


class MergeIn(Input):
    """``into`` is the member who stays. ``phone``: whose phone they have afterwards, that of the
    ``kept`` or of the ``merged`` one."""

    into: UUID
    phone: Which = "kept"
    dry_run: bool = False


class MergeOut(Schema):
    """``member`` as they are afterwards. ``taken`` were gaps that the other one filled: names of
    ``member`` and keys of ``fields``. ``droppedPhone`` is nobody's any more, and its conversation
    stays; null where both had the same. ``optsOut``: the phone that stays gets no more texts,
    because the other one had said so."""

    is_dry_run: bool
    removed_member_id: UUID
    member: MemberOut
    taken: list[str] = Field(examples=[["email", "smallGroup"]])
    joined_groups: int
    dropped_phone: str | None
    opts_out: bool
