"""The two lanes on which texts leave, so that an answer never waits behind a broadcast."""

import asyncio
from collections.abc import Mapping
from enum import StrEnum

from koinonia.common.events.messaging import MessageKind
from koinonia.messaging.settings import Settings


class Lane(StrEnum):
    BROADCAST = "broadcast"
    REPLY = "reply"


def for_kind(kind: MessageKind) -> Lane:
    """Somebody waits for whatever goes to one phone alone."""
    return Lane.BROADCAST if kind is MessageKind.BROADCAST else Lane.REPLY


Lanes = Mapping[Lane, asyncio.Semaphore]
"""How many calls this process makes at one time, replies apart from broadcasts."""


def opened(settings: Settings) -> Lanes:
    return {
        Lane.BROADCAST: asyncio.Semaphore(settings.carrier_calls),
        Lane.REPLY: asyncio.Semaphore(settings.carrier_calls_for_replies),
    }
