"""The time, which tests can move.

Everything that decides by time asks ``clock.now()``; nothing calls ``datetime.now`` itself.
PostgreSQL's own ``now()`` is not moved, so a rule that a test wants to move takes the time as a
parameter of its SQL.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


def _system() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _source()


def today(zone: str) -> date:
    """The calendar day it is now in ``zone``, an IANA name such as ``America/Chicago``.

    Raises ``zoneinfo.ZoneInfoNotFoundError`` for a zone that does not exist.
    """
    return now().astimezone(ZoneInfo(zone)).date()


@contextmanager
def freeze(at: datetime | None = None) -> Iterator[datetime]:
    """Hold the time of the whole process at ``at`` (aware; the present when None)."""
    instant = now() if at is None else _in_utc(at)
    with _replaced(lambda: instant):
        yield instant


@contextmanager
def shift(by: timedelta) -> Iterator[None]:
    """Move the time of the whole process by ``by``; nests, also within ``freeze``."""
    previous = _source
    with _replaced(lambda: previous() + by):
        yield


def _in_utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("freeze() needs a datetime with a time zone, for example tzinfo=UTC.")
    return at.astimezone(UTC)


# A module variable, not a context variable: tasks that already run must see the moved time too.
@contextmanager
def _replaced(source: Callable[[], datetime]) -> Iterator[None]:
    global _source
    previous, _source = _source, source
    try:
        yield
    finally:
        _source = previous
