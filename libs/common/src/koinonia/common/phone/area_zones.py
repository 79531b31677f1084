"""In which time zones an area code lies: all of them, whatever exchange follows.

libphonenumber knows zones by prefix. For most exchanges of an area code that lies in two zones it
has no entry and answers with the one where most people live, so somebody across the border would
be called an hour too early. Here an exchange without an entry of its own is in every zone in which
any exchange of its area code is, and an overlay shares the zones of the code that it overlays.

Sources: the zones of libphonenumber (``phonenumbers.tzdata``); overlays from the planning letters
of the North American Numbering Plan Administrator. Only overlays of codes in several zones matter.
"""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from phonenumbers.tzdata import TIMEZONE_DATA

OVERLAYS = (
    ("208", "986"),  # Idaho
    ("250", "236", "672", "778"),  # British Columbia; the last three overlay 604 as well
    ("270", "364"),  # western Kentucky
    ("418", "367", "581"),  # eastern Quebec
    ("423", "729"),  # eastern Tennessee
    ("541", "458"),  # Oregon
    ("709", "879"),  # Newfoundland and Labrador
    ("812", "930"),  # southern Indiana
    ("850", "448"),  # the Florida panhandle
)
COUNTRY = "1"
AREA = 4  # digits of the country code and the area code


@cache
def by_area() -> Mapping[str, tuple[str, ...]]:
    """The zones of each area code of the North American Numbering Plan, sorted by name."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for prefix, zones in TIMEZONE_DATA.items():
        if prefix.startswith(COUNTRY) and len(prefix) >= AREA:
            found[prefix[1:AREA]].update(zones)
    for group in OVERLAYS:
        together = set().union(*(found[code] for code in group))
        for code in group:
            found[code] = together
    return {code: tuple(sorted(zones)) for code, zones in found.items()}


def zones(digits: str) -> tuple[str, ...] | None:
    """The zones of a number, given as its digits with the country code (``"18125550100"``); None
    where it is no number of the plan, or its area code is not known."""
    if not digits.startswith(COUNTRY):
        return None
    for length in range(len(digits), AREA, -1):
        if listed := TIMEZONE_DATA.get(digits[:length]):
            return tuple(sorted(listed))
    return by_area().get(digits[1:AREA])
