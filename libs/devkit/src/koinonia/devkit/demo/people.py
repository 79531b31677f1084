"""People who do not exist: five hundred with a phone each, families who share one, and a few who
were not asked; in two branches and six groups. And some bad rows.
"""

import csv
import io
from dataclasses import dataclass
from itertools import product

from koinonia.common.testing.phones import phone

COUNT = 500  # phones of those who agreed to be texted
GROUPS = {
    "North Campus": ("Youth", "Choir", "Prayer"),
    "South Campus": ("Families", "Ushers", "Seniors"),
}
HEADER = ("firstName", "lastName", "phone", "email", "groups", "consent")

_FIRST = """Abigail Amos Anna Asa Caleb Chloe Claudia Daniel Deborah Elijah Esther Eve Ezra Gideon
Hannah Isaac Jacob Joel Jonah Judith Lois Lydia Martha Micah Naomi""".split()  # noqa: SIM905
_KIN = """Ben Cara Dora Elias Felix Greta Hugo Iris Jack Katie Leo Maria Nora Oscar Paul
Rosa""".split()  # noqa: SIM905
_LAST = """Abbott Baker Carter Dawson Ellis Foster Garcia Hughes Irving Jensen Keller Lopez Mercer
Nguyen Okafor Porter Quinn Rivera Sato Turner""".split()  # noqa: SIM905

# Numbers ending in 90 to 99 are those that the simulated carrier sells.
_PEOPLE_PER_AREA = 90
_PLACES = [f"{branch}/{group}" for branch, groups in GROUPS.items() for group in groups]


@dataclass(frozen=True, slots=True)
class Person:
    first_name: str
    last_name: str
    phone: str
    groups: tuple[str, ...]
    consents: bool = True

    def row(self, number: str | None = None) -> tuple[str, ...]:
        mail = f"{self.first_name}.{self.last_name}@example.org".lower()
        written, groups = number or self.phone, ";".join(self.groups)
        consent = "yes" if self.consents else "no"
        return (self.first_name, self.last_name, written, mail, groups, consent)


def everybody() -> list[Person]:
    """The same people every time."""
    owners = [
        Person(first, last, phone(_index(n)), (_PLACES[n % len(_PLACES)],))
        for n, (first, last) in enumerate(list(product(_FIRST, _LAST))[:COUNT])
    ]
    return [*owners, *_kin(owners), *unasked()]


def families() -> dict[str, list[str]]:
    """The first names behind each phone that several people share."""
    shared: dict[str, list[str]] = {}
    for person in everybody():
        shared.setdefault(person.phone, []).append(person.first_name)
    return {number: names for number, names in shared.items() if len(names) > 1}


def unasked() -> list[Person]:
    """Those who never agreed to be texted."""
    return [
        Person(name, "Vance", phone(_index(COUNT + n)), (_PLACES[0],), consents=False)
        for n, name in enumerate(("Ada", "Boaz"))
    ]


def as_csv(people: list[Person]) -> str:
    """The file that staff uploads: everybody, one of them twice, three rows that cannot be."""
    twice = people[0]
    area, line = twice.phone[2:5], twice.phone[5:]
    rows = [
        HEADER,
        *(person.row() for person in people),
        twice.row(f"({area}) {line[:3]}-{line[3:]}"),
        ("Silas", "Nophone", "", "", "Youth", ""),
        ("Tabitha", "Letters", "call me maybe", "", "Choir", ""),
        ("Uriah", "Short", "555-01", "", "", ""),
    ]
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue()


TWICE, UNUSABLE = 1, 3


def _kin(owners: list[Person]) -> list[Person]:
    """Two more people at some phones; far apart, so that their families have different names."""
    homes = owners[:: len(_LAST) * 3 + 1]
    return [
        Person(name, home.last_name, home.phone, home.groups)
        for home, pair in zip(homes, zip(_KIN[::2], _KIN[1::2], strict=True), strict=False)
        for name in pair
    ]


def _index(n: int) -> int:
    area, line = divmod(n, _PEOPLE_PER_AREA)
    return area * 100 + line
