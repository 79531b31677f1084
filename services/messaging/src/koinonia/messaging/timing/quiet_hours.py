"""Quiet hours: at which instants a text may arrive at a phone. Pure, and the only place that
decides.

The law (47 CFR 64.1200(c)(1)) allows 08:00 to 21:00 in the local time of the person called. Only
their number tells where somebody is, and an area code may lie in several zones: then all of them
must allow it. A church may narrow the hours.

Zones are written as one string, IANA names sorted and joined by a comma, because that is a column
of a text; empty means that nothing is known, and then the church's own zone holds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import Self
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import PhoneNumberType

from koinonia.common import phone

EARLIEST, LATEST = time(8), time(21)
NARROWEST_MINUTES = 4 * 60  # so that neighbouring zones still have hours in common
_LONGEST_SEARCH = timedelta(days=3)
_AREA_DIGITS = len("+12025550")  # zones of North American numbers follow from fewer digits
_NOWHERE = (
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.PERSONAL_NUMBER,
    PhoneNumberType.UAN,
    PhoneNumberType.UNKNOWN,
)


@dataclass(frozen=True, slots=True)
class Window:
    """The hours of a day in which texts may arrive: ``start <= local time < end``."""

    start: time = EARLIEST
    end: time = LATEST

    def includes(self, wall: time) -> bool:
        return self.start <= wall < self.end


LEGAL = Window()


def joined(zones: Iterable[str]) -> str:
    """Zones as the column of a text has them."""
    return ",".join(sorted(set(zones)))


def phone_zones(e164: str) -> str:
    """The zones that a number may be in; empty for a number that tells none, such as a toll-free
    one."""
    if e164.startswith("+1") and len(e164) > _AREA_DIGITS:
        return _of_area(e164[:_AREA_DIGITS] + "0" * len(e164[_AREA_DIGITS:]))
    return _of_number(e164)


def is_open(at: datetime, zones: str, church_zone: str, window: Window = LEGAL) -> bool:
    """Whether a text may leave at ``at`` (aware) to somebody who may be in any of ``zones``."""
    return opening(at, zones, church_zone, window) == at


def opening(at: datetime, zones: str, church_zone: str, window: Window = LEGAL) -> datetime:
    """The first instant from ``at`` on when all ``zones`` are open; ``at`` itself if they are.

    Zones that have no hour in common, such as all those of a large country, count as unknown.
    """
    found = _common(at, _names(zones), window) if zones else None
    return found or _common(at, _names(church_zone), window) or at


def closing(at: datetime, zones: str, church_zone: str, window: Window = LEGAL) -> datetime:
    """When the hours end that are open at ``at``, which must be."""
    is_known = zones and _common(at, _names(zones), window)
    names = _names(zones if is_known else church_zone)
    return min(_ends(at, ZoneInfo(name), window) for name in names)


def finish(
    at: datetime,
    texts_per_second: float,
    texts: Mapping[str, float],
    church_zone: str,
    window: Window = LEGAL,
) -> datetime:
    """When the last of ``texts`` (how many by zones) has left, if they begin at ``at``.

    Those whose hours are open go at the rate together, as they lie mixed in the batches of a
    message; what is left when hours end waits for their next opening.
    """
    left = {zones: float(count) for zones, count in texts.items() if count > 0}
    now = at
    while left:
        opens = {zones: opening(now, zones, church_zone, window) for zones in left}
        ready = [zones for zones, instant in opens.items() if instant <= now]
        if not ready:
            now = min(opens.values())
            continue
        turns = [closing(now, zones, church_zone, window) for zones in ready]
        turns += [instant for instant in opens.values() if instant > now]
        together = sum(left[zones] for zones in ready)
        lasting = timedelta(seconds=together / texts_per_second)
        until = min([now + lasting, *turns])
        share = 1.0 if until == now + lasting else (until - now) / lasting
        for zones in ready:
            left[zones] *= 1.0 - share
            if left[zones] < 0.5:
                del left[zones]
        now = until
    return now


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of one church. ``is_enforced`` is false for an emergency, and where the setting
    ``KOINONIA_QUIET_HOURS`` is ``ignored``."""

    church_zone: str
    window: Window = LEGAL
    is_enforced: bool = True

    def ignored(self) -> Self:
        """No hours at all."""
        return replace(self, is_enforced=False)

    def is_open(self, at: datetime, zones: str) -> bool:
        return self.opening(at, zones) == at

    def opening(self, at: datetime, zones: str) -> datetime:
        """See the function of this name."""
        return opening(at, zones, self.church_zone, self.window) if self.is_enforced else at

    def finish(self, at: datetime, rate: float, texts: Mapping[str, float]) -> datetime:
        """See the function of this name; ``rate`` in texts per second."""
        if self.is_enforced:
            return finish(at, rate, texts, self.church_zone, self.window)
        return at + timedelta(seconds=sum(texts.values()) / rate)


def _names(zones: str) -> tuple[str, ...]:
    return tuple(zones.split(","))


def _common(at: datetime, names: tuple[str, ...], window: Window) -> datetime | None:
    """The first instant from ``at`` on that every zone allows, within some days."""
    instant, last = at, at + _LONGEST_SEARCH
    while instant <= last:
        latest = max(_opens(instant, ZoneInfo(name), window) for name in names)
        if latest == instant:
            return instant
        instant = latest
    return None


def _opens(at: datetime, zone: ZoneInfo, window: Window) -> datetime:
    local = at.astimezone(zone)
    if window.includes(local.time()):
        return at
    day = local.date() + timedelta(days=int(local.time() >= window.end))
    return _instant(datetime.combine(day, window.start), zone)


def _ends(at: datetime, zone: ZoneInfo, window: Window) -> datetime:
    return _instant(datetime.combine(at.astimezone(zone).date(), window.end), zone)


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """Wall time as an instant. Hours are never set forward or back between 08:00 and 21:00, so
    there is exactly one."""
    return wall.replace(tzinfo=zone).astimezone(UTC)


@lru_cache(maxsize=65536)
def _of_area(e164: str) -> str:
    return _of_number(e164)


def _of_number(e164: str) -> str:
    number = phonenumbers.parse(e164)
    if phonenumbers.number_type(number) in _NOWHERE:
        return ""
    return joined(phone.zones(e164))
