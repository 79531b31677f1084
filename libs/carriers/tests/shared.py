"""What the tests of carriers have in common."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from koinonia.carriers.contract import Carrier, OutgoingText, Profile
from koinonia.carriers.failures import CarrierFailure

CHURCH = UUID("0190a000-0000-7000-8000-000000000001")
PERSON = "+12025550142"
OURS = "+12025550190"
HOOK = "http://127.0.0.1:9/hook"

Outgoing = Callable[..., OutgoingText]
"""A text; keywords replace what is usual."""

Answering = Callable[..., Awaitable[Carrier]]
At = Callable[[str], Awaitable[Carrier]]
Bought = Callable[[UUID, str], Awaitable[tuple[Profile, str]]]


async def failure_of(call: Awaitable[object]) -> CarrierFailure:
    with pytest.raises(CarrierFailure) as caught:
        await call
    return caught.value
