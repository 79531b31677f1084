"""Numbers on offer at the carrier; looking for one changes nothing there."""

from koinonia.carriers.contract import Carrier
from koinonia.carriers.failures import CarrierFailure
from koinonia.common import retry
from koinonia.messaging.errors import CarrierAway, NoNumbersAvailable

HOW_MANY = 10


async def search(carrier: Carrier, area_code: str) -> list[str]:
    """Numbers in E.164, at least one; raises ``NoNumbersAvailable`` or ``CarrierAway``."""
    try:
        async with retry.breaker(f"{carrier.name} numbers"):
            found = await carrier.search(area_code, HOW_MANY)
    except CarrierFailure:
        raise CarrierAway from None
    if not found:
        raise NoNumbersAvailable(
            f"The carrier has no number in area code {area_code} now. Try a neighbouring one."
        )
    return [offer.phone_number for offer in found]
