"""Five hundred people who do not exist, in two branches and six groups, and a few bad rows."""

import csv
import io
from dataclasses import dataclass
from itertools import product

from koinonia.common.testing.phones import phone

COUNT = 500
GROUPS = {
    "North Campus": ("Youth", "Choir", "Prayer"),
    "South Campus": ("Families", "Ushers", "Seniors"),
}
HEADER = ("firstName", "lastName", "phone", "email", "groups")

_FIRST = """Abigail Amos Anna Asa Caleb Chloe Claudia Daniel Deborah Elijah Esther Eve Ezra Gideon
Hannah Isaac Jacob Joel Jonah Judith Lois Lydia Martha Micah Naomi""".split()  # noqa: SIM905
_LAST = """Abbott Baker Carter Dawson Ellis Foster Garcia Hughes Irving Jensen Keller Lopez Mercer
Nguyen Okafor Porter Quinn Rivera Sato Turner""".split()  # noqa: SIM905

# Numbers ending in 90 to 99 are those that the simulated carrier sells.
_PEOPLE_PER_AREA = 90


@dataclass(frozen=True, slots=True)
class Person:
    first_name: str
    last_name: str
    phone: str
    groups: tuple[str, ...]

    def row(self, number: str | None = None) -> tuple[str, ...]:
        mail = f"{self.first_name}.{self.last_name}@example.org".lower()
        written = number or self.phone
        return (self.first_name, self.last_name, written, mail, ";".join(self.groups))


def everybody() -> list[Person]:
    """The same people every time."""
    places = [f"{branch}/{group}" for branch, groups in GROUPS.items() for group in groups]
    names = list(product(_FIRST, _LAST))[:COUNT]
    return [
        Person(first, last, phone(_index(n)), (places[n % len(places)],))
        for n, (first, last) in enumerate(names)
    ]


def as_csv(people: list[Person]) -> str:
    """The file that staff uploads: everybody, one of them twice, three rows that cannot be."""
    twice = people[0]
    area, line = twice.phone[2:5], twice.phone[5:]
    rows = [
        HEADER,
        *(person.row() for person in people),
        twice.row(f"({area}) {line[:3]}-{line[3:]}"),
        ("Silas", "Nophone", "", "", "Youth"),
        ("Tabitha", "Letters", "call me maybe", "", "Choir"),
        ("Uriah", "Short", "555-01", "", ""),
    ]
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue()


TWICE, UNUSABLE = 1, 3


def _index(n: int) -> int:
    area, line = divmod(n, _PEOPLE_PER_AREA)
    return area * 100 + line
