"""What the columns of a file are: our own names, and those of spreadsheets and other programs, in
English and Spanish. Whoever sends a file may say otherwise.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Self

from pydantic import TypeAdapter, ValidationError

from koinonia.common import visible_text
from koinonia.messaging.composing import custom_fields
from koinonia.messaging.errors import BadHeader, BadMapping
from koinonia.messaging.people.imports.column_words import (
    EMAILS,
    FILLERS,
    LAST_NAME_FIRST,
    MOBILE,
    PHONES,
    RANKS,
    SYNONYMS,
)
from koinonia.messaging.people.imports.day_cells import DayOrder

FIRST_NAME, LAST_NAME, FULL_NAME, PHONE = "firstName", "lastName", "name", "phone"
EMAIL, GROUPS, BRANCH, TIMEZONE = "email", "groups", "branch", "timezone"
CONSENT, OPT_IN, OPT_OUT = "consent", "optIn", "optOut"
TARGETS = (
    *(FIRST_NAME, LAST_NAME, FULL_NAME, PHONE, EMAIL, GROUPS, BRANCH, TIMEZONE),
    *(CONSENT, OPT_IN, OPT_OUT),
)
EXTERNAL_ID = "externalId"  # in a job, which says of which system
ABOUT_CONSENT = (CONSENT, OPT_IN, OPT_OUT)
LEFT_OUT = "ignore"
UNNAMED = "column"  # with its number
MOST_COLUMNS = 500
MOST_SHOWN = 30  # columns that a sentence names
OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs"}

_REACHES = PHONES | EMAILS
_KNOWN = sorted((_REACHES | RANKS.keys() | FILLERS) - {"e", "ph"}, key=len, reverse=True)
_JOINED_WORD = re.compile("|".join(_KNOWN))
_MAPPING = TypeAdapter(dict[str, str])
_INITIAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[^\W_\d]+|\d+")
_PLURAL = re.compile(r"\(e?s\)", re.IGNORECASE)  # "Cell Phone(s)"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What whoever sends a file says of its columns, by their heads."""

    mapping: Mapping[str, str] = field(default_factory=dict)  # to one of TARGETS or an own field
    ignored: Sequence[str] = ()

    @classmethod
    def parsed(cls, mapping: str | None, ignored: Sequence[str]) -> Self:
        """``mapping`` is a JSON object. Raises ``BadMapping``."""
        try:
            return cls(_MAPPING.validate_json(mapping) if mapping else {}, ignored)
        except ValidationError:
            raise BadMapping from None


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the columns of a file are."""

    heads: Sequence[str]
    places: Mapping[str, Sequence[int]]  # by ours; the better ones first
    own: Mapping[str, int]  # the church's own fields, by key
    labels: Mapping[int, int]  # the place of a label, by that of the phone it tells about
    left_out: frozenset[int]  # because the sender said so
    days: Mapping[str, DayOrder] = field(default_factory=dict)  # of own fields that hold days

    @property
    def unread(self) -> list[int]:
        """The places of columns that nobody reads, those left out included."""
        read = {at for places in self.places.values() for at in places}
        read |= {*self.own.values(), *self.labels.values()}
        return [at for at in range(len(self.heads)) if at not in read]

    @property
    def has_names(self) -> bool:
        return any(name in self.places for name in (FIRST_NAME, LAST_NAME, FULL_NAME))


def layout(
    fields: Sequence[str],
    own: Mapping[str, str] = MappingProxyType({}),
    wishes: Wishes | None = None,
) -> Layout:
    """``own`` are the columns of the church's own fields (``custom_fields.columns``). Raises
    ``BadHeader`` for a file without phones, and ``BadMapping``."""
    if len(fields) > MOST_COLUMNS:
        raise BadHeader(
            f"The file has {len(fields):,} columns and may have {MOST_COLUMNS}. Keep those that "
            "are needed and send it again."
        )
    heads = [visible_text.line(each) or f"{UNNAMED} {at}" for at, each in enumerate(fields, 1)]
    said = _said(heads, own, wishes or Wishes())
    found: dict[str, list[tuple[int, int]]] = {}
    own_places: dict[str, int] = {}
    for at, head in enumerate(heads):
        column = custom_fields.column(head)
        target, rank = said[at] if at in said else _meaning(column, head, own)
        if target == CONSENT and column != CONSENT:
            target = OPT_IN  # of another program: an empty cell is no yes
        if target in own.values():
            if own_places.setdefault(target, at) != at:
                raise _twice(target, heads)
        elif target in TARGETS:
            found.setdefault(target, []).append((rank, at))
    _check(found, heads)
    places = {name: [at for _, at in sorted(each)] for name, each in found.items()}
    _settle_names(places)
    if GROUPS not in places:
        places.pop(BRANCH, None)  # a branch is a part of a group's name
    left_out = frozenset(at for at, (target, _) in said.items() if target == LEFT_OUT)
    return Layout(heads, places, own_places, labels(heads, places[PHONE]), left_out)


def words(head: str) -> list[str]:
    """The words of a head as they are compared: "smsOptOut" and "SMS Opt-Out" are the same, and so
    are "EMAILADDRESS" and "Email Address"."""
    bare = _PLURAL.sub("", head)
    spelt = _WORD.findall(visible_text.key(_INITIAL.sub(" ", bare)).replace("_", " "))
    return [word for joined in spelt for word in _apart(joined)]


def _apart(joined: str) -> list[str]:
    """The words of one that is made of those that name phones and email addresses."""
    if joined in _REACHES:
        return [joined]
    found = _JOINED_WORD.findall(joined)
    return found if "".join(found) == joined and not _REACHES.isdisjoint(found) else [joined]


def meaning(head: str, own: Mapping[str, str]) -> tuple[str, int]:
    """What a head means to us, or nothing, and how good a one of its kind it is."""
    return _meaning(custom_fields.column(head), head, own)


def _meaning(column: str, head: str, own: Mapping[str, str]) -> tuple[str, int]:
    for target in TARGETS:
        if column == target.lower() and target not in (OPT_IN, OPT_OUT, FULL_NAME, BRANCH):
            return target, 1
    if column in own:
        return own[column], 0
    spelt = words(head)
    squashed = "".join(spelt)
    for target, synonyms in SYNONYMS.items():
        if squashed in synonyms:
            return target, 2 + synonyms.index(squashed)
    if squashed in LAST_NAME_FIRST:
        return FULL_NAME, 20
    if squashed == "nombre":
        return FULL_NAME, 9
    if spelt[:1] == ["no"] and spelt[1:2] not in (["de"], ["del"]):
        return "", 0  # "No Email" is no address, "No. de celular" is a number
    return _reach(frozenset(each for each in spelt if not each.isdigit()))


def is_bare_reach(head: str) -> bool:
    """Whether a head says where a phone or an email address is used and not which: "Home"."""
    spelt = {each for each in words(head) if not each.isdigit()}
    return not spelt.isdisjoint(RANKS.keys()) and spelt <= RANKS.keys() | FILLERS


def rank(head: str) -> int:
    """How good a phone or an email address a head names; the lower the better. 0 is a mobile."""
    spelt = frozenset(each for each in words(head) if not each.isdigit())
    _, found = _reach(spelt)
    return found or (
        0 if spelt & MOBILE else max((RANKS.get(word, 1) for word in spelt), default=1)
    )


def is_last_first(head: str) -> bool:
    """Whether a head says that whole names begin with the last one."""
    return "".join(words(head)) in LAST_NAME_FIRST


def _reach(spelt: frozenset[str]) -> tuple[str, int]:
    """Whether a head names a phone or an email address, and how good a one."""
    rest = spelt - FILLERS - RANKS.keys()
    worst = max((RANKS.get(word, 1) for word in spelt), default=1)
    if rest and rest <= PHONES:
        return PHONE, 0 if rest & MOBILE and worst == 1 else worst
    if rest and rest <= EMAILS:
        return EMAIL, worst
    return "", 0


def _said(
    heads: Sequence[str], own: Mapping[str, str], wishes: Wishes
) -> dict[int, tuple[str, int]]:
    known = {visible_text.key(head): at for at, head in reversed(list(enumerate(heads)))}
    said: dict[int, tuple[str, int]] = {}
    for head, target in (
        *wishes.mapping.items(),
        *((head, LEFT_OUT) for head in wishes.ignored),
    ):
        at = known.get(visible_text.key(head))
        if at is None:
            raise BadMapping(f'There is no column "{head}". {_seen(heads)}')
        if target != LEFT_OUT and target not in TARGETS and target not in own.values():
            raise BadMapping(
                f'"{target}" is not what a column can be. Choose '
                f"{', '.join(TARGETS)}, the key of a field of yours, or {LEFT_OUT}."
            )
        said[at] = (target, 0)
    return said


def _check(found: Mapping[str, list[tuple[int, int]]], heads: Sequence[str]) -> None:
    if PHONE not in found:
        raise BadHeader(_missing(heads), details={"missing": [PHONE], "columns": heads})
    for name, ranked in found.items():
        spelt = [custom_fields.column(heads[at]) for _, at in ranked]
        if len(spelt) != len(set(spelt)):
            raise _twice(name, heads)


def _settle_names(places: dict[str, list[int]]) -> None:
    """ "Nombre" beside "Apellido" is a first name, and alone it is a whole one."""
    whole = places.get(FULL_NAME, [])
    if whole and LAST_NAME in places and FIRST_NAME not in places:
        places[FIRST_NAME] = places.pop(FULL_NAME)


def labels(heads: Sequence[str], phones: Sequence[int]) -> dict[int, int]:
    """ "Phone 1 - Type" or "Phone 1 - Label" beside "Phone 1 - Value", as Google writes them."""
    labels = {
        spelt[1]: at
        for at, head in enumerate(heads)
        if len(spelt := words(head)) == 3 and spelt[0] == "phone" and spelt[2] in ("type", "label")
    }
    numbered = ((at, words(heads[at])) for at in phones)
    return {
        at: labels[spelt[1]]
        for at, spelt in numbered
        if len(spelt) == 3 and spelt[1] in labels and spelt[2] == "value"
    }


def best_first(layout: Layout, fields: Sequence[str]) -> Iterator[int]:
    """The places of a row's phones, those that the row itself calls mobile before the others."""
    phones = layout.places[PHONE]
    mobile = [
        at
        for at in phones
        if (label := layout.labels.get(at)) is not None
        and label < len(fields)
        and not MOBILE.isdisjoint(words(fields[label]))
    ]
    yield from mobile
    yield from (at for at in phones if at not in mobile)


def is_mobile(head: str) -> bool:
    return not MOBILE.isdisjoint(words(head))


def _twice(column: str, heads: Sequence[str]) -> BadHeader:
    return BadHeader(
        f"The column {column} is there twice. Keep one and send it again. {_seen(heads)}"
    )


def _seen(heads: Sequence[str]) -> str:
    named = [head[:60] for head in heads if not head.startswith(f"{UNNAMED} ")]
    more = f" and {len(named) - MOST_SHOWN} more" if len(named) > MOST_SHOWN else ""
    return f"The file has the columns {', '.join(named[:MOST_SHOWN])}{more}."


def _missing(heads: Sequence[str]) -> str:
    if len(heads) == 1:
        for separator, name in OTHER_SEPARATORS.items():
            if separator in heads[0]:
                return (
                    f"The columns are separated by {name}. Save the file with commas instead. "
                    f"{_seen(heads)}"
                )
    return (
        "In the first line phone is missing. It must be like firstName,lastName,phone,email,groups,"
        f" or say in the form field mapping which column is the phone. {_seen(heads)}"
    )
