"""When a delivery is tried again, and how long a lane rests that takes nothing."""

from datetime import timedelta

LADDER = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=10),
)
"""Before each attempt; the first comes at once. That of Svix."""
REST = timedelta(seconds=5)
LONGEST_REST = timedelta(minutes=5)
GIVEN_UP_AFTER = timedelta(days=5)
"""An endpoint that took nothing for so long is switched off."""


def wait(rung: int) -> timedelta | None:
    """Before the attempt after the one of this rung, from 0; None after the last."""
    return LADDER[rung + 1] if rung + 1 < len(LADDER) else None


def rest(failures: int) -> timedelta:
    """Of a lane after so many rounds in a row that failed: what waits behind is not tried one after
    the other against an address that does not answer."""
    if failures <= 1:
        return timedelta(0)
    doubled: int = 2 ** min(failures - 2, 10)
    return min(REST * doubled, LONGEST_REST)
