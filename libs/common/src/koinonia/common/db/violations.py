"""Violations of the database's keys as errors with a sentence.

The transaction is lost with it, as with any error that leaves a route.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError

from koinonia.common.errors import AppError

UNIQUE_VIOLATION = "23505"
FOREIGN_KEY_VIOLATION = "23503"


@contextmanager
def violations_as(
    taken: type[AppError] | None = None, *, gone: type[AppError] | None = None
) -> Iterator[None]:
    """Raises ``taken`` where a statement would make a second row under a unique key, and ``gone``
    where it points to a row that was removed a moment ago."""
    try:
        yield
    except IntegrityError as clash:
        state = getattr(clash.orig, "sqlstate", None)
        error = {UNIQUE_VIOLATION: taken, FOREIGN_KEY_VIOLATION: gone}.get(str(state))
        if error:
            raise error from None
        raise
