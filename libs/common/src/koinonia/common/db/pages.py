"""A page of a list: the one form that every list of ours has, by keyset or by number."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from koinonia.common.db import statements
from koinonia.common.pagination import Page, PageParams, paginate

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Order:
    """By what a list is ordered: columns of its rows with the types of their values, together
    unique, and an index that has them::

        Order({"created_at": datetime, "id": UUID}, descending=True)

    ``prefix`` (``"r."``) is written before each column in SQL.
    """

    columns: Mapping[str, type]
    descending: bool = False
    prefix: str = ""
    clause: str = field(init=False)
    after: str = field(init=False)

    def __post_init__(self) -> None:
        names = [f"{self.prefix}{name}" for name in self.columns]
        way = " DESC" if self.descending else ""
        sign = "<" if self.descending else ">"
        marks = ", ".join(f":after_{name}" for name in self.columns)
        object.__setattr__(self, "clause", ", ".join(f"{name}{way}" for name in names))
        object.__setattr__(self, "after", f"({', '.join(names)}) {sign} ({marks})")


async def page(
    session: statements.Session,
    row: Callable[..., Row],
    sql: str,
    parameters: statements.Parameters,
    params: PageParams,
    order: Order,
    *,
    counted: str | None = None,
    total: int | None = None,
) -> Page[Row]:
    """One page of what ``sql`` (``SELECT … FROM … WHERE …``, to its end) finds, each a ``row``.

    ``order`` says how it is ordered; its columns are attributes of ``row``. ``counted`` is the
    statement that counts the whole list, which is asked only where pages are numbered; ``total``
    is how many there are where that is known. A cursor of another list is ``errors.Invalid``.
    """
    if counted is not None and params.page:
        total = await statements.count(session, counted, parameters)
    after = params.after(*order.columns.values())
    begin = {
        f"after_{name}": value for name, value in zip(order.columns, after or (), strict=False)
    }
    found = await statements.rows(
        session,
        row,
        f"{sql} {f'AND {order.after}' if after else ''} "
        f"ORDER BY {order.clause} LIMIT :take OFFSET :offset",
        {**parameters, **begin, "take": params.take, "offset": params.offset},
    )
    return paginate(
        found,
        params,
        lambda each: tuple(getattr(each, name) for name in order.columns),
        total=total,
    )
