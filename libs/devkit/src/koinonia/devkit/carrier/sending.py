"""Taking a text, in whatever language it was handed over: checks, trouble, the answer.

Refusals are told in Telnyx's codes here; another dialect translates them at its edge.
"""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from starlette.responses import Response

from koinonia.devkit.carrier.network import Network
from koinonia.devkit.carrier.refusals import Refused
from koinonia.devkit.carrier.texts import TELNYX, Text

E164 = re.compile(r"\+[1-9]\d{6,14}")
MOST_MEDIA = 10
GATEWAY_PAGE = "<html>Bad gateway</html>"

ACCEPTED, REPLAYED = "accepted", "replayed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A text as it was asked for; nothing in it is believed yet."""

    sender: Any
    to: Any
    text: Any
    media_urls: Any
    profile_id: str | None
    webhook_url: str | None
    dialect: str = TELNYX
    id: str = field(default_factory=lambda: str(uuid4()))

    @property
    def fate(self) -> tuple[str, str]:
        """What dice are rolled over."""
        return str(self.to), str(self.text)


async def answer(
    network: Network, wanted: Wanted, take: Callable[[], tuple[str, bytes]], status: int = 200
) -> Response:
    """Calls ``take``, which says what happened and what to answer. Raises ``Refused``.

    The waiting comes afterwards, so that a call repeated meanwhile finds what happened.
    """
    try:
        happened, body = take()
    except Refused as refused:
        network.ledger.called(wanted.fate[0], refused.code)
        await _wait(network, wanted)
        raise
    network.ledger.called(wanted.fate[0], happened)
    await _wait(network, wanted)
    lost = network.dice.happens(network.behaviour.lost_answer_share, "lost", *wanted.fate)
    if lost and happened == ACCEPTED:
        return Response(GATEWAY_PAGE, 502, media_type="text/html")
    return Response(body, status, media_type="application/json")


def accept(network: Network, wanted: Wanted, attempts: str) -> Text:
    """The text, on its way. Raises ``Refused``. ``attempts``: under what repeated calls count."""
    text = _checked(network, wanted)
    _have_trouble(network, wanted, attempts)
    network.accept(text)
    return text


async def _wait(network: Network, wanted: Wanted) -> None:
    latency = network.behaviour.send_latency
    if latency:
        await asyncio.sleep(network.dice.spread(latency, "latency", *wanted.fate))


def _have_trouble(network: Network, wanted: Wanted, attempts: str) -> None:
    behaviour = network.behaviour
    if not (behaviour.error_share or behaviour.throttle_share):
        return
    # Rolled per attempt, or a call that fails once would fail for ever.
    network.attempts[attempts] += 1
    fate = (*wanted.fate, network.attempts[attempts])
    if network.dice.happens(behaviour.error_share, "error", *fate):
        raise Refused("10007", "An unexpected error occurred.")
    if network.dice.happens(behaviour.throttle_share, "throttle", *fate):
        raise Refused("10011", "You have exceeded the maximum number of allowed requests.")


def _checked(network: Network, wanted: Wanted) -> Text:
    sender, to = _phone(wanted.sender, "from"), _phone(wanted.to, "to")
    words, media = wanted.text or "", wanted.media_urls or []
    if not isinstance(words, str) or not isinstance(media, list):
        raise Refused("10015", "text must be a string and media_urls a list.")
    if not words and not media:
        raise Refused("40316", "Either 'text' and/or 'media_urls' must be provided.")
    if len(media) > MOST_MEDIA:
        raise Refused("40317", "MMS can only contain up to 10 items.")
    strict = network.behaviour.strict_senders
    number = network.numbers.sender(sender, wanted.profile_id, strict, wanted.dialect)
    if (number.scope, to) in network.blocks:
        blocked = f"Messages cannot be sent from '{sender}' to '{to}'"
        raise Refused("40300", f"{blocked} due to an existing block rule.")
    return Text(
        sender=sender,
        to=to,
        text=words,
        media_urls=media,
        profile_id=number.profile_id,
        webhook_url=wanted.webhook_url,
        dialect=wanted.dialect,
        id=wanted.id,
    )


def _phone(value: Any, name: str) -> str:
    if not value:
        raise Refused("10004", "A required parameter was missing.", f"/{name}")
    if not isinstance(value, str) or not E164.fullmatch(value):
        raise Refused("10016" if name == "to" else "40305", pointer=f"/{name}")
    return value
