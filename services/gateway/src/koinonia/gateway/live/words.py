"""What the stream says of itself: all events that are not about the church."""

import random

from koinonia.gateway.live.projection import chunk

RETRY_MS = 2000
RESTART_MS = (1000, 5000)  # who is sent away by a restart comes back spread over so long
MOST_DIGITS = 19  # of an offset, a signed 64-bit number
LOST_ID = "lost"  # stands for an id that cannot be resumed from

RETRY = b"retry: %d\n\n" % RETRY_MS
AWAY = chunk("state", {"live": False})
HERE = chunk("state", {"live": True})
TOKEN_EXPIRED = chunk("bye", {"reason": "token_expired"})
SESSION_ENDED = chunk("bye", {"reason": "session_ended"})


def hello(offset: int, *, resumed: bool) -> bytes:
    """Where the stream stands. Unless it was resumed, what came before is not told."""
    return chunk("hello", {"id": str(offset), "resumed": resumed}, offset)


def reset(offset: int) -> bytes:
    """Something was missed that cannot be told any more: ask for everything anew."""
    return chunk("reset", {"id": str(offset)}, offset)


def beat(offset: int | None) -> bytes:
    """A sign of life. The id tells a client of a quiet church how far it has seen, silently."""
    return b": beat\n\n" if offset is None else b": beat\nid: %d\n\n" % offset


def restarting() -> bytes:
    """The gateway ends. All clients at once would be a crowd at the next one's door."""
    pause = random.randint(*RESTART_MS)  # noqa: S311 - jitter, not a secret
    return b"retry: %d\n%b" % (pause, chunk("bye", {"reason": "restarting"}))


def offset(last_id: str) -> int | None:
    """The offset in an id; None if it is none of ours."""
    is_ours = last_id.isascii() and last_id.isdigit() and len(last_id) <= MOST_DIGITS
    return int(last_id) if is_ours else None
