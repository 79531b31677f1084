"""Query parameters of the list, as clients send them."""

import re
from typing import Annotated, Literal, NamedTuple, Self
from uuid import UUID

from pydantic import AfterValidator, Field

from koinonia.common.identity import Identity, Role
from koinonia.common.web import Schema
from koinonia.conversation.listing.filters import NOBODY, Filters
from koinonia.conversation.threads.vocabulary import Status, StopQuestionState

ME = "me"
MINE = "mine"
UNREAD = (
    "true: only those with texts that nobody of the church has read; mine: only those that are "
    "`unreadForMe`, by cursor and not by page. Of a great many, a page may then hold fewer than "
    "its limit and yet have a `nextCursor`"
)
E164 = re.compile(r"[1-9][0-9]{6,14}")


def parse_assignee(value: str) -> UUID | str:
    """Raises ``ValueError``."""
    return value if value in (ME, NOBODY) else parse_id(value, "me, none, or the id of an admin")


def _number(value: str) -> UUID | str:
    bare = value.strip().removeprefix("+")  # in an address, + may arrive as a blank
    if E164.fullmatch(bare):
        return f"+{bare}"
    return parse_id(value, "one of your numbers, like +12025550100, or its id")


def parse_id(value: str, expected: str) -> UUID:
    """Raises ``ValueError``."""
    try:
        return UUID(value)
    except ValueError:
        raise ValueError(f"This must be {expected}.") from None


class Unread(NamedTuple):
    """The church's, or of one of the team."""

    of_church: bool
    reader_id: UUID | None

    @classmethod
    def parse(cls, wanted: bool | str, admin: Identity) -> Self:
        """A viewer marks nothing as read: what is unread for them is what is for the church."""
        is_own = wanted == MINE and admin.role.includes(Role.STAFF)
        return cls(bool(wanted) and not is_own, admin.admin_id if is_own else None)


ANY = Unread(False, None)


class ListQuery(Schema):
    """Several filters hold together."""

    status: Status | None = None
    unread: bool | Literal["mine"] = Field(default=False, description=UNREAD)
    assignee: Annotated[str, AfterValidator(parse_assignee)] | None = Field(
        default=None, description="me, none, or the id of an admin", examples=["me"]
    )
    label: UUID | None = Field(default=None, description="the id of a label")
    group: UUID | None = Field(
        default=None, description="the id of a group in which somebody known on the phone is"
    )
    number: Annotated[str, AfterValidator(_number)] | None = Field(
        default=None, description="one of your numbers, or its id", examples=["+12025550100"]
    )
    stop_question: StopQuestionState | None = Field(
        default=None, description="only those with a text that may ask to stop, until it is settled"
    )

    order: Literal["newest", "oldest"] = Field(
        default="newest", description="by the last message; `nextCursor` goes on in this order"
    )

    def filters(self, admin: Identity) -> Filters:
        """``admin`` is me."""
        unread = Unread.parse(self.unread, admin)
        return Filters(
            status=self.status,
            unread=unread.of_church,
            unread_for=unread.reader_id,
            label=self.label,
            group=self.group,
            assignee=admin.admin_id if self.assignee == ME else self.assignee,
            number=self.number,
            stop_question=self.stop_question,
            oldest_first=self.order == "oldest",
        )
