"""A call that hands over a text, in whatever dialect: checks, trouble, the answer.

Refusals are told in Telnyx's codes here; another dialect translates them at its edge.
"""

import asyncio
import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4

from starlette.responses import Response

from koinonia.devkit.carrier.calls import troubles
from koinonia.devkit.carrier.network import Network
from koinonia.devkit.carrier.state import refusals
from koinonia.devkit.carrier.state.refusals import Refused
from koinonia.devkit.carrier.state.texts import Text

E164 = re.compile(r"\+[1-9]\d{6,14}")
MOST_MEDIA = 10

ACCEPTED, REPLAYED = "accepted", "replayed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A text as the call has it; nothing in it is checked yet."""

    sender: object
    to: object
    text: object
    media_urls: object
    profile_id: str | None
    webhook_url: str | None
    dialect: str
    key: str = ""  # of idempotency, if the dialect has one
    id: str = field(default_factory=lambda: str(uuid4()))

    @property
    def fate(self) -> tuple[str, str]:
        """What dice are rolled over."""
        return str(self.to), str(self.text)

    @property
    def call(self) -> str:
        """The same for calls that repeat each other."""
        return self.key or "\x1f".join((str(self.sender), *self.fate))


async def answer(
    network: Network, wanted: Wanted, take: Callable[[], tuple[str, bytes]], status: int = 200
) -> Response:
    """Call ``take``, which returns what happened and what to answer. Raises ``Refused``.

    The waiting comes afterwards, so that a call repeated meanwhile finds what happened.
    """
    network.attempts[wanted.call] += 1
    fate = (*wanted.fate, network.attempts[wanted.call])
    happened, body = "", b""
    trouble = troubles.before(network.behaviour, network.dice, *fate)
    try:
        if trouble:
            happened = trouble
            return troubles.answer(trouble, network.behaviour, network.dice, *fate)
        happened, body = take()
    except Refused as refused:
        happened = refused.code
        raise
    finally:
        network.ledger.called(wanted.fate[0], happened)
        await _wait(network, wanted)
    if happened == ACCEPTED:
        await _wait_for_report(network, wanted)
        loss = troubles.after(network.behaviour, network.dice, *wanted.fate)
        if loss:
            return troubles.answer(loss, network.behaviour, network.dice, *wanted.fate)
    return Response(body, status, media_type="application/json")


def accept(network: Network, wanted: Wanted) -> Text:
    """Check the text and send it on its way. Raises ``Refused``."""
    text = _checked(network, wanted)
    if network.dice.happens(network.behaviour.strange_refusal_share, "strange", *wanted.fate):
        raise Refused(refusals.STRANGE)
    network.accept(text)
    return text


async def _wait(network: Network, wanted: Wanted) -> None:
    latency = network.behaviour.send_latency * network.behaviour.clock
    if latency:
        await asyncio.sleep(network.dice.spread(latency, "latency", *wanted.fate))


async def _wait_for_report(network: Network, wanted: Wanted) -> None:
    early = network.texts[wanted.id].early if wanted.id in network.texts else None
    if early:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(network.behaviour.webhook_timeout):
                await early.reported.wait()


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
    if network.dice.happens(network.behaviour.stop_refusal_share, "stop", to, words):
        network.blocks.add((number.scope, to))
    if (number.scope, to) in network.blocks:
        blocked = f"Messages cannot be sent from '{sender}' to '{to}'"
        raise Refused(refusals.STOPPED, f"{blocked} due to an existing block rule.")
    return Text(
        sender=sender,
        to=to,
        text=words,
        media_urls=media,
        profile_id=number.profile_id,
        webhook_url=wanted.webhook_url,
        dialect=wanted.dialect,
        id=wanted.id,
        key=wanted.key,
    )


def _phone(value: object, name: str) -> str:
    if not value:
        raise Refused("10004", "A required parameter was missing.", f"/{name}")
    if not isinstance(value, str) or not E164.fullmatch(value):
        raise Refused("10016" if name == "to" else "40305", pointer=f"/{name}")
    return value
