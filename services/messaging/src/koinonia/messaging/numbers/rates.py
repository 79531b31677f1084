"""How fast a text may be sent: what holds for its carrier, its number or campaign, its church.

Operators set rates in the table ``sending_rates``; where nothing is set the settings hold for a
carrier's account and for a number, and a church or campaign has no limit of its own. Numbers of
one campaign share the campaign's limit, as the mobile networks count it. A picture counts as one
part, and what is sent with media has limits of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from koinonia.common import db
from koinonia.common.throttle import Bucket, DailyCap, Limit
from koinonia.messaging.settings import Settings

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


class _Rate(NamedTuple):
    kind: str
    name: str
    campaign: str | None
    parts_per_second: float | None
    media_per_second: float | None
    burst: float | None
    daily_cap: int | None

    def per_second(self, *, is_media: bool) -> float | None:
        return self.media_per_second if is_media else self.parts_per_second


async def find(
    session: db.Session,
    settings: Settings,
    *,
    church_id: UUID,
    carrier: str,
    sender: str,
    is_media: bool,
) -> Rates:
    """The limits of what this church sends from this number."""
    found = await db.rows(
        session,
        _Rate,
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
    known = {rate.kind: rate for rate in found}
    limits = list(_limits(known, settings, carrier, sender, is_media=is_media))
    return Rates([*limits, *_caps(found)])


def _limits(
    known: Mapping[str, _Rate], settings: Settings, carrier: str, sender: str, *, is_media: bool
) -> Iterator[Bucket]:
    account, usual = settings.carrier_parts_per_second, settings.number_parts_per_second
    if is_media:
        account, usual = settings.carrier_media_per_second, settings.number_media_per_second
    number, church = known.get("number"), known.get("church")
    campaign = number.campaign if number else None
    yield _bucket("carrier", carrier, known.get("carrier"), account, is_media=is_media)
    if campaign:
        yield _bucket("campaign", campaign, known.get("campaign"), usual, is_media=is_media)
    if not campaign or (number and number.per_second(is_media=is_media)):
        yield _bucket("number", sender, number, usual, is_media=is_media)
    if church and church.per_second(is_media=is_media):
        yield _bucket("church", church.name, church, usual, is_media=is_media)


def _bucket(scope: str, name: str, set_: _Rate | None, usual: float, *, is_media: bool) -> Bucket:
    rate = (set_ and set_.per_second(is_media=is_media)) or usual
    burst = (set_ and set_.burst) or max(1.0, rate * BURST_SECONDS)
    return Bucket(f"{scope}:{name}:{'media' if is_media else 'parts'}", rate, burst)


def _caps(found: Sequence[_Rate]) -> Iterator[DailyCap]:
    for rate in found:
        if rate.daily_cap:
            yield DailyCap(f"{rate.kind}:{rate.name}:day", rate.daily_cap, PACIFIC)
