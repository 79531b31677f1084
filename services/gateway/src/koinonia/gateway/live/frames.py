"""The events of the stream about itself, as bytes: all that are not about the church."""

import random

from koinonia.gateway.live.projection import chunk

RETRY_MS = 2000
RESTART_MS = (1000, 5000)  # clients come back from a restart spread over so long
MOST_DIGITS = 19  # of an offset, a signed 64-bit number
LOST_ID = "lost"  # stands for an id that cannot be resumed from

RETRY = b"retry: %d\n\n" % RETRY_MS
AWAY = chunk("state", {"live": False})
HERE = chunk("state", {"live": True})
TOKEN_EXPIRED = chunk("bye", {"reason": "token_expired"})
SESSION_ENDED = chunk("bye", {"reason": "session_ended"})


def hello(offset: int, *, resumed: bool) -> bytes:
    """The position of the stream. Unless it was resumed, earlier events are not sent."""
    return chunk("hello", {"id": str(offset), "resumed": resumed}, offset)


def reset(offset: int) -> bytes:
    """Events were missed that cannot be sent any more: the client fetches everything anew."""
    return chunk("reset", {"id": str(offset)}, offset)


def beat(offset: int | None) -> bytes:
    """A heartbeat. Its id moves the client's position on while nothing happens in its church."""
    return b": beat\n\n" if offset is None else b": beat\nid: %d\n\n" % offset


def restarting() -> bytes:
    """The gateway ends. A random pause keeps all clients from reconnecting at once."""
    pause = random.randint(*RESTART_MS)  # noqa: S311 - jitter, not a secret
    return b"retry: %d\n%b" % (pause, chunk("bye", {"reason": "restarting"}))


def offset(last_id: str) -> int | None:
    """The offset in an id; None if it is none of ours."""
    is_ours = last_id.isascii() and last_id.isdigit() and len(last_id) <= MOST_DIGITS
    return int(last_id) if is_ours else None
