"""Whatever numbers a group text went to, in whatever order: each church has it once."""

from datetime import UTC, datetime
from random import Random
from uuid import UUID

import pytest

from koinonia.carriers import group_texts
from koinonia.common.events.ingress import CarrierMessageReceived
from koinonia.common.phone import Phones
from koinonia.common.testing.phones import phone
from koinonia.common.testing.secrets import demo_environment

_ENVIRONMENT = demo_environment()
PHONES = Phones.from_settings(
    _ENVIRONMENT["KOINONIA_PHONE_KEYS"], _ENVIRONMENT["KOINONIA_PHONE_INDEX_KEY"]
)
CHURCHES = [UUID(int=n) for n in (7, 8, 9)]


def text(to: str, group: list[str]) -> CarrierMessageReceived:
    return CarrierMessageReceived(
        carrier="telnyx",
        carrier_message_id="1",
        to=to,
        sealed_group=tuple(map(PHONES.seal, group)),
        sealed_sender=PHONES.seal(phone(99)),
        text="Hello",
        received_at=datetime(2026, 11, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize("seed", range(60))
def test_each_church_has_a_group_text_once_with_those_who_are_not_the_church(seed: int) -> None:
    random = Random(seed)
    group = [phone(n) for n in range(random.randint(2, 8))]
    random.shuffle(group)
    ours = random.sample(group, random.randint(0, len(group)))
    owners = {number: random.choice(CHURCHES) for number in ours}
    named = random.choice([*ours, ""])
    event = text(named, group)

    found = group_texts.of_churches(event, owners, PHONES)

    assert [church for church, _ in found] == sorted(set(owners.values()))
    assert len({own.id for _, own in found} | {event.id}) == len(found) + 1
    for church, own in found:
        assert owners[own.to] == church
        assert own.to == named or owners.get(named) != church
        others = [each for each in group if owners.get(each) != church]
        assert [PHONES.open(each) for each in own.sealed_group] == others


def test_a_text_to_one_number_stays_the_same_event() -> None:
    event = text(phone(1), [])
    owners = {phone(1): CHURCHES[0]}
    assert group_texts.of_churches(event, owners, PHONES) == [(CHURCHES[0], event)]
    assert group_texts.of_churches(event, {}, PHONES) == []
