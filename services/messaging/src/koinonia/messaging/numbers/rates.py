"""How fast a text may be sent: what holds for its carrier, its number or campaign, its church.

Operators set rates in the table ``sending_rates``; where nothing is set the settings hold for a
carrier's account and for a number, and a church or campaign has no limit of its own. Numbers of
one campaign share the campaign's limit, as the mobile networks count it. A picture counts as one
part, and what is sent with media has limits of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.throttle import Bucket, DailyCap, Limit

PACIFIC = "America/Los_Angeles"  # where a mobile network's day begins
BURST_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Rates:
    """The limits of a text. The first is that of the carrier's account."""

    limits: Sequence[Limit]

    @property
    def account(self) -> str:
        return self.limits[0].key

    @property
    def buckets(self) -> list[Bucket]:
        return [limit for limit in self.limits if isinstance(limit, Bucket)]

    @property
    def parts_per_second(self) -> float:
        """Of the slowest limit."""
        return min(bucket.rate_per_second for bucket in self.buckets)

    @property
    def burst(self) -> float:
        """How many parts all limits give at once."""
        return min(bucket.burst for bucket in self.buckets)


async def of(
    session: AsyncSession,
    settings: Any,
    *,
    church_id: UUID,
    carrier: str,
    sender: str,
    is_media: bool,
) -> Rates:
    """The limits of what this church sends from this number."""
    rows = await db.untyped_rows(
        session,
        """
        SELECT kind, name, campaign, parts_per_second, media_per_second, burst, daily_cap
          FROM sending_rates
         WHERE (kind = 'carrier' AND name = :carrier) OR (kind = 'church' AND name = :church)
            OR (kind = 'number' AND name = :number)
            OR (kind = 'campaign' AND name = (SELECT campaign FROM sending_rates
                                               WHERE kind = 'number' AND name = :number))
        """,
        {"carrier": carrier, "church": str(church_id), "number": sender},
    )
    known = {row.kind: row for row in rows}
    kind = "media" if is_media else "parts"
    limits = list(_limits(known, settings, kind, carrier, sender))
    return Rates([*limits, *_caps(rows)])


def _limits(
    known: dict[str, Any], settings: Any, kind: str, carrier: str, sender: str
) -> Iterator[Bucket]:
    account = getattr(settings, f"carrier_{kind}_per_second")
    yield _bucket("carrier", carrier, kind, known.get("carrier"), account)
    usual = getattr(settings, f"number_{kind}_per_second")
    campaign = known["number"].campaign if "number" in known else None
    if campaign:
        yield _bucket("campaign", campaign, kind, known.get("campaign"), usual)
    if not campaign or _rate(known["number"], kind):
        yield _bucket("number", sender, kind, known.get("number"), usual)
    if "church" in known and _rate(known["church"], kind):
        yield _bucket("church", known["church"].name, kind, known["church"], usual)


def _bucket(scope: str, name: str, kind: str, row: Any, usual: float) -> Bucket:
    rate = _rate(row, kind) or usual
    burst = (row.burst if row else None) or max(1.0, rate * BURST_SECONDS)
    return Bucket(f"{scope}:{name}:{kind}", rate, burst)


def _rate(row: Any, kind: str) -> float | None:
    rate: float | None = getattr(row, f"{kind}_per_second") if row else None
    return rate


def _caps(rows: Sequence[Any]) -> Iterator[DailyCap]:
    for row in rows:
        if row.daily_cap:
            yield DailyCap(f"{row.kind}:{row.name}:day", row.daily_cap, PACIFIC)
