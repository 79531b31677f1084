"""What can go wrong with a send call that is correct.

Rolled per phone, text and attempt, or a call that fails once would fail for ever. It comes before
anything is looked at, as gateways and rate limits stand in front of what remembers a call.
"""

from enum import StrEnum

from starlette.responses import Response

from koinonia.devkit.carrier.calls.connections import Reset, Silence
from koinonia.devkit.carrier.state.behaviour import Behaviour, Dice
from koinonia.devkit.carrier.state.refusals import Refused

PAGE = "<html><body><h1>{status} Bad gateway</h1></body></html>"
PAGE_STATUSES = (502, 503, 504, 200)


class Trouble(StrEnum):
    """The value is the name of its share in ``Behaviour``, without ``_share``."""

    ERROR = "error"
    THROTTLE = "throttle"
    BARE_THROTTLE = "bare_throttle"
    HTML = "html"
    RESET = "reset"
    HANG = "hang"


class Loss(StrEnum):
    """The text was taken and its caller does not learn of it. The first call only: a repeated one
    is answered."""

    ANSWER = "lost_answer"
    RESET = "lost_reset"
    HANG = "lost_hang"


def before(behaviour: Behaviour, dice: Dice, *fate: object) -> Trouble | None:
    """The trouble that comes before the call is looked at, if any."""
    return next((each for each in Trouble if _happens(each, behaviour, dice, fate)), None)


def after(behaviour: Behaviour, dice: Dice, *fate: object) -> Loss | None:
    """What keeps the answer from the caller, if anything."""
    return next((each for each in Loss if _happens(each, behaviour, dice, fate)), None)


def answer(trouble: Trouble | Loss, behaviour: Behaviour, dice: Dice, *fate: object) -> Response:
    """What the caller gets instead. Raises ``Refused`` where the carrier itself speaks."""
    match trouble:
        case Trouble.ERROR:
            raise Refused("10007", "An unexpected error occurred.")
        case Trouble.THROTTLE:
            raise _throttled(behaviour.retry_after * behaviour.clock)
        case Trouble.BARE_THROTTLE:
            raise _throttled(None)
        case Trouble.RESET | Loss.RESET:
            return Reset()
        case Trouble.HANG | Loss.HANG:
            return Silence(behaviour.hang_seconds * behaviour.clock)
        case Loss.ANSWER:
            return _page(PAGE_STATUSES[0])
        case Trouble.HTML:
            return _page(PAGE_STATUSES[int(dice.roll("page", *fate) * len(PAGE_STATUSES))])


def _happens(
    trouble: Trouble | Loss, behaviour: Behaviour, dice: Dice, fate: tuple[object, ...]
) -> bool:
    return dice.happens(getattr(behaviour, f"{trouble}_share"), trouble, *fate)


def _throttled(seconds: float | None) -> Refused:
    headers = {}
    if seconds is not None:
        limit = {"x-ratelimit-limit": "50", "x-ratelimit-remaining": "0"}
        asked = f"{seconds:g}"
        headers = {"retry-after": asked, "x-ratelimit-reset": asked, **limit}
    words = "You have exceeded the maximum number of allowed requests."
    return Refused("10011", words, headers=headers)


def _page(status: int) -> Response:
    return Response(PAGE.format(status=status), status, media_type="text/html")
