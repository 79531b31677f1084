"""A unique key that is taken, told in words."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError

from koinonia.common.errors import AppError

UNIQUE_VIOLATION = "23505"


@contextmanager
def told_as(error: type[AppError]) -> Iterator[None]:
    """Raises ``error`` when a statement inside would make a second row under a unique key.

    The transaction is lost with it, as with any error that leaves a route.
    """
    try:
        yield
    except IntegrityError as clash:
        if getattr(clash.orig, "sqlstate", None) == UNIQUE_VIOLATION:
            raise error from None
        raise
