"""Lists by keyset: a page ends with a cursor that holds the sort key of its last row.

A list orders by a unique key, fetches one row more than it shows and hands both to ``paginate``::

    after = params.after(datetime, UUID)          # None on the first page
    rows = ...  # WHERE (created_at, id) < :after ORDER BY created_at DESC, id DESC LIMIT :take
    return paginate(rows, params, key=lambda row: (row.created_at, row.id))

``page`` still works for clients that number their pages: use ``params.offset`` and give ``total``.
"""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Generic, Self, TypeVar, overload
from uuid import UUID

import orjson
from pydantic import Field, model_validator

from koinonia.common import errors
from koinonia.common.schema import LeftOut, Schema

MAX_LIMIT = 100
MAX_PAGE = 100_000
_BIGINT = 2**63

Value = datetime | date | UUID | str | int | bool | None
Row = TypeVar("Row")
Item = TypeVar("Item")
Shown = TypeVar("Shown")
A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list. ``str(cursor)`` is the token that clients carry and never read."""

    values: tuple[Value, ...]

    def __str__(self) -> str:
        body = orjson.dumps([_packed(value) for value in self.values])
        return base64.urlsafe_b64encode(body).rstrip(b"=").decode("ascii")

    @classmethod
    def parse(cls, token: str) -> Self:
        """The cursor of a token; raises ``errors.Invalid`` for one that is not ours."""
        try:
            body = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
            return cls(tuple(_unpacked(value) for value in orjson.loads(body)))
        except (ValueError, TypeError, IndexError, KeyError, OverflowError):
            raise _not_ours() from None


class PageParams(Schema):
    """What a client may say about the page it wants."""

    limit: int = Field(default=20, ge=1, le=MAX_LIMIT)
    cursor: str | None = Field(
        default=None, max_length=1000, description="nextCursor of the page before this one."
    )
    page: int | None = Field(
        default=None, ge=1, le=MAX_PAGE, description="In the place of cursor: the first is 1."
    )

    @model_validator(mode="after")
    def _one_way_to_page(self) -> Self:
        if self.cursor is not None and self.page is not None:
            raise ValueError("Give either cursor or page, not both.")
        return self

    @property
    def take(self) -> int:
        """How many rows to fetch: one more than the page shows, to know whether more follow."""
        return self.limit + 1

    @property
    def offset(self) -> int:
        """How many rows to skip when pages are numbered; 0 otherwise."""
        return (self.page - 1) * self.limit if self.page else 0

    @overload
    def after(self, first: type[A], second: type[B], /) -> tuple[A, B] | None: ...
    @overload
    def after(self, *types: type) -> tuple[Value, ...] | None: ...
    def after(self, *types: type) -> tuple[Value, ...] | tuple[A, B] | None:
        """The sort key that the page starts after, None on a first page.

        ``types`` are the types of the list's key, in order. A cursor of another list is refused
        like any other that is not ours (``errors.Invalid``).
        """
        if not self.cursor:
            return None
        values = Cursor.parse(self.cursor).values
        if tuple(map(type, values)) != types:
            raise _not_ours()
        return values


class Page(Schema, Generic[Item]):
    """One page as clients see it: ``{data, hasMore, nextCursor}``, and ``total`` if counted."""

    data: list[Item]
    has_more: bool
    next_cursor: str | None = None
    total: LeftOut[int] = None

    def ending_at(self, place: tuple[Value, ...]) -> Self:
        """The same page of a list that goes on after ``place``, though the page is not full: there
        was the end of its work."""
        return self.model_copy(update={"has_more": True, "next_cursor": str(Cursor(place))})

    def shown(self, show: Callable[[Item], Shown]) -> "Page[Shown]":
        """The same page of what ``show`` makes of each item."""
        return Page(
            data=list(map(show, self.data)),
            has_more=self.has_more,
            next_cursor=self.next_cursor,
            total=self.total,
        )


@overload
def paginate(
    rows: Sequence[Row],
    params: PageParams,
    key: Callable[[Row], tuple[Value, ...]],
    *,
    total: int | None = None,
) -> Page[Row]: ...
@overload
def paginate(
    rows: Sequence[Row],
    params: PageParams,
    key: Callable[[Row], tuple[Value, ...]],
    *,
    show: Callable[[Row], Item],
    total: int | None = None,
) -> Page[Item]: ...
def paginate(
    rows: Sequence[Row],
    params: PageParams,
    key: Callable[[Row], tuple[Value, ...]],
    *,
    show: Callable[[Row], Item] | None = None,
    total: int | None = None,
) -> Page[Row] | Page[Item]:
    """The page of ``rows``, fetched with ``params.take``; ``show`` makes each row an item."""
    shown = rows[: params.limit]
    has_more = len(rows) > params.limit
    page: Page[Row] = Page(
        data=list(shown),
        has_more=has_more,
        next_cursor=str(Cursor(key(shown[-1]))) if has_more else None,
        total=total,
    )
    return page.shown(show) if show else page


# Text carries a letter for its type; numbers, booleans and null are themselves in JSON.
def _packed(value: Value) -> str | int | None:
    match value:
        case datetime():
            return "t" + value.isoformat()
        case date():
            return "d" + value.isoformat()
        case UUID():
            return "u" + value.hex
        case str():
            return "s" + value
        case _:
            return value


_READERS: dict[str, Callable[[str], Value]] = {
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
    "u": UUID,
    "s": str,
}


# Values that PostgreSQL could not take are refused here, so that a forged cursor stays a 400.
def _unpacked(packed: object) -> Value:
    if isinstance(packed, str):
        if "\0" in packed:
            raise ValueError
        value = _READERS[packed[0]](packed[1:])
        if isinstance(value, datetime):
            value.astimezone(UTC)
        return value
    if packed is None or (isinstance(packed, int) and -_BIGINT <= packed < _BIGINT):
        return packed
    raise ValueError


def _not_ours() -> errors.Invalid:
    return errors.Invalid("The cursor is not one of ours; start again without it.")
