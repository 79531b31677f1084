"""A text that a person sent to several numbers at once (group MMS): what each church hears of it.

Our number stands anywhere among them, and the carrier need not say which it is. Numbers of several
churches may be among them, and each gets the text, once; of two numbers of one church, the one that
the carrier names, else the first.
"""

from collections.abc import Mapping
from uuid import UUID, uuid5

from koinonia.common.events.ingress import CarrierMessageReceived
from koinonia.common.phone import Phones

OfChurch = tuple[UUID, CarrierMessageReceived]


def numbers(event: CarrierMessageReceived, phones: Phones) -> list[str]:
    """Every number that may be ours, in the order in which they are preferred."""
    named = [event.to] if event.to else []
    return list(dict.fromkeys([*named, *map(phones.open, event.sealed_group)]))


def of_churches(
    event: CarrierMessageReceived, owners: Mapping[str, UUID], phones: Phones
) -> list[OfChurch]:
    """The text as each church has it, in the order of their ids: ``to`` is a number of theirs and
    ``sealed_group`` who else got it. ``owners`` are the churches of those numbers that are ours."""
    if not event.sealed_group:
        return [(owners[event.to], event)] if event.to in owners else []
    chosen: dict[UUID, str] = {}
    for number in numbers(event, phones):
        if number in owners:
            chosen.setdefault(owners[number], number)
    return [
        (church_id, _of_church(event, church_id, chosen[church_id], owners, phones))
        for church_id in sorted(chosen)
    ]


def _of_church(
    event: CarrierMessageReceived,
    church_id: UUID,
    number: str,
    owners: Mapping[str, UUID],
    phones: Phones,
) -> CarrierMessageReceived:
    others = [each for each in event.sealed_group if owners.get(phones.open(each)) != church_id]
    # What follows from the text has ids that derive from the event's; each church has its own.
    changed = {"id": uuid5(event.id, str(church_id)), "to": number, "sealed_group": tuple(others)}
    return event.model_copy(update=changed)
