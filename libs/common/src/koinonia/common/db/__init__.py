"""PostgreSQL: transactions of one church, written-out statements with typed rows, pages of lists.

::

    async with database.transaction(church_id) as session:
        found = await db.rows(session, Number, "SELECT id, phone_number FROM numbers")

``database.py`` begins and ends transactions, ``statements.py`` asks, ``reads.py`` asks without
a session, ``pages.py`` pages,
``violations.py`` turns violated keys into sentences.
"""

from uuid_utils.compat import uuid7

from koinonia.common.db.database import ADMIN, Database, after_commit, default_pool_size
from koinonia.common.db.pages import Order, page
from koinonia.common.db.reads import Read
from koinonia.common.db.statements import (
    ENTERED,
    Session,
    count,
    enter_church,
    entering,
    exists,
    first,
    one,
    records,
    rows,
    run,
    value,
    values,
)
from koinonia.common.db.violations import violations_as

__all__ = [
    "ADMIN",
    "ENTERED",
    "Database",
    "Order",
    "Read",
    "Session",
    "after_commit",
    "count",
    "default_pool_size",
    "enter_church",
    "entering",
    "exists",
    "first",
    "one",
    "page",
    "records",
    "rows",
    "run",
    "uuid7",
    "value",
    "values",
    "violations_as",
]
