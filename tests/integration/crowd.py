"""Random people of a church, and what a preview must say of them, worked out in another way."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from koinonia.carriers import segments

GROUPS = ("Choir", "Youth", "Band")
NAMES = ("Ada", "Bo", "Zoë", "Łucja", "Bartholomew", "José", "Маша", "Kim-Lee")
TEXTS = (
    "See you on Sunday",
    "Hi {{firstName|friend}}, see you on Sunday. " + "x" * 125,
    "Dear {{firstName}} {{lastName|there}}: seat {{seat|free}}! " + "x" * 110,
    "{{seat|not yet}} — it’s your seat, {{fullName}}",
)


@dataclass(frozen=True)
class Person:
    first: str
    last: str
    phone: str
    seat: str
    groups: tuple[str, ...]
    consents: bool

    @property
    def row(self) -> str:
        consent = "yes" if self.consents else "no"
        groups = ";".join(self.groups)
        return f"{self.first},{self.last},{self.phone},{groups},{consent},{self.seat}"


HEADER = "firstName,lastName,phone,groups,consent,seat"


def people(dice: random.Random, phones: Iterator[str], count: int) -> list[Person]:
    """Some share a phone, some never agreed, some have no last name or seat."""
    made: list[Person] = []
    while len(made) < count:
        phone = next(phones)
        size = dice.choice((1, 1, 1, 2, 3))
        agreed = dice.random() < 0.85
        made.extend(_person(dice, first, phone, agreed) for first in dice.sample(NAMES, size))
    return made


def _person(dice: random.Random, first: str, phone: str, agreed: bool) -> Person:
    return Person(
        first,
        dice.choice(("", "Meyer", "O'Hara", "Nuñez")),
        phone,
        dice.choice(("", "4b", "Row 12 by the window")),
        tuple(dice.sample(GROUPS, dice.randint(0, 2))),
        agreed,
    )


@dataclass(frozen=True)
class Expected:
    people: int
    texts: dict[str, str]  # by phone
    opted_out: int
    no_consent: int

    @property
    def parts(self) -> int:
        return sum(segments.measure(text).parts for text in self.texts.values())


def expected(
    crowd: Sequence[Person], stopped: set[str], groups: Sequence[str], content: str
) -> Expected:
    """``groups`` empty: everybody."""
    meant = [each for each in crowd if not groups or set(groups) & set(each.groups)]
    households: dict[str, list[Person]] = {}
    for person in meant:
        households.setdefault(person.phone, []).append(person)
    agreed = {each.phone for each in crowd if each.consents}
    return Expected(
        people=len(meant),
        texts={
            phone: filled(content, household)
            for phone, household in households.items()
            if phone in agreed - stopped
        },
        opted_out=len(stopped & households.keys()),
        no_consent=len(households.keys() - agreed - stopped),
    )


def filled(content: str, household: Sequence[Person]) -> str:
    values = {
        "firstName": joined([each.first for each in household]),
        "lastName": joined([each.last for each in household]),
        "fullName": joined([f"{each.first} {each.last}".strip() for each in household]),
        "seat": joined([each.seat for each in household]),
    }
    for name, value in values.items():
        for fallback in ("", "|friend", "|there", "|free", "|not yet"):
            content = content.replace(f"{{{{{name}{fallback}}}}}", value or fallback[1:])
    return content


def joined(names: Sequence[str]) -> str:
    """Each once, the last one after an "and"."""
    known: list[Any] = list(dict.fromkeys(filter(None, names)))
    return " and ".join(filter(None, [", ".join(known[:-1]), *known[-1:]]))
