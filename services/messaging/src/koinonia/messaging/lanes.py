"""The two lanes on which texts leave, so that an answer never waits behind a broadcast."""

import asyncio
from collections.abc import Mapping
from enum import StrEnum

from koinonia.messaging.settings import Settings


class Lane(StrEnum):
    BROADCAST = "broadcast"
    REPLY = "reply"


Lanes = Mapping[Lane, asyncio.Semaphore]
"""How many calls this process makes at one time, replies apart from broadcasts."""


def opened(settings: Settings) -> Lanes:
    return {
        Lane.BROADCAST: asyncio.Semaphore(settings.carrier_calls),
        Lane.REPLY: asyncio.Semaphore(settings.carrier_calls_for_replies),
    }
