"""Work that is due at a time, of any church: one statement takes what is due, for one worker.

A table of such work holds ids only and no row-level security, so that one look finds the work of
all churches. There are two ways to take it:

* :func:`claim` puts the work off before anything is done. Use it for work that calls others or
  takes long. Whoever ends the work deletes its row or moves its time; when a worker dies, the row
  is due again at the end of the lease and another worker repeats the work.
* :func:`lock` holds the rows until the transaction ends. Use it for work that is done inside that
  transaction.

::

    class Open(NamedTuple):
        message_id: UUID
        church_id: UUID

    OPEN = leases.DueTable("open_messages", Open, key=("message_id",), due="look_at")

    claimed = await leases.claim(session, OPEN, most=50, lease=timedelta(minutes=10))
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.common.db.statements import Parameters

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class DueTable(Generic[Row]):
    """A table of due work; ``row`` is a NamedTuple of those of its columns that are answered.

    ``key`` is its primary key, ``due`` the column of the time (indexed; NULL is never due).
    ``condition`` is SQL that restricts the rows, with parameters of its own. ``counter`` is a
    column that counts the claims of a row.
    """

    name: str
    row: type[Row]
    key: tuple[str, ...]
    due: str
    condition: str = "true"
    counter: str | None = None
    claim_sql: str = field(init=False, repr=False)
    lock_sql: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        columns = tuple(self.row.__annotations__)
        found = f"""
              FROM {self.name} WHERE {self.condition} AND {self.due} <= :now
             ORDER BY {self.due} LIMIT :most FOR UPDATE SKIP LOCKED"""
        count = f", {self.counter} = work.{self.counter} + 1" if self.counter else ""
        # MATERIALIZED keeps the limit: a plan may run a subquery once per row that it joins, and
        # each run would lock the next rows.
        claim_sql = f"""
            WITH due AS MATERIALIZED (SELECT {", ".join(self.key)} {found})
            UPDATE {self.name} AS work SET {self.due} = :until{count} FROM due
             WHERE {" AND ".join(f"work.{column} = due.{column}" for column in self.key)}
            RETURNING {", ".join(f"work.{column}" for column in columns)}"""
        object.__setattr__(self, "claim_sql", claim_sql)
        object.__setattr__(self, "lock_sql", f"SELECT {', '.join(columns)} {found}")


async def claim(
    session: AsyncSession,
    table: DueTable[Row],
    *,
    most: int,
    lease: timedelta,
    parameters: Parameters | None = None,
) -> list[Row]:
    """Up to ``most`` rows that are due, those that have waited longest; each is due again when
    ``lease`` is over. Rows that another worker is taking at this moment are passed over."""
    now = clock.now()
    return await db.rows(
        session,
        table.row,
        table.claim_sql,
        {**(parameters or {}), "now": now, "most": most, "until": now + lease},
    )


async def lock(
    session: AsyncSession,
    table: DueTable[Row],
    *,
    most: int,
    parameters: Parameters | None = None,
) -> list[Row]:
    """Up to ``most`` rows that are due, the longest first, locked until the transaction ends.
    Rows that another transaction holds are passed over."""
    return await db.rows(
        session,
        table.row,
        table.lock_sql,
        {**(parameters or {}), "now": clock.now(), "most": most},
    )
