"""Billing months, counted from an anchor date: pure functions."""

import calendar
from datetime import datetime


def month_at(anchor: datetime, now: datetime) -> tuple[datetime, datetime]:
    """Start and end of the month in which ``now`` falls, ``now`` being the anchor or later.

    Counted from the anchor and not from the month before, so that 31 January is followed by
    28 February and then by 31 March.
    """
    count = (now.year - anchor.year) * 12 + now.month - anchor.month
    if _months_after(anchor, count) > now:
        count -= 1
    return _months_after(anchor, count), _months_after(anchor, count + 1)


def _months_after(anchor: datetime, count: int) -> datetime:
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + count, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return anchor.replace(year=year, month=month + 1, day=min(anchor.day, last))
