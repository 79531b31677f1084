"""What a text to several numbers means, and one whose words came as a part of it: whatever it
says, its sender says it."""

from koinonia.common import clock, db
from koinonia.common.events.conversation import WordsFound
from koinonia.common.events.ingress import CarrierMessageReceived
from koinonia.common.events.messaging import MemberOptedOut, TextUnderstood
from koinonia.common.testing.phones import phone

from . import factories
from .person import PHONE, Person, person
from .stage import Stage

__all__ = ["person"]

FRIEND = phone(70)


def group_text(words: str, *group: str, to: str = "") -> CarrierMessageReceived:
    return CarrierMessageReceived(
        carrier="telnyx",
        carrier_message_id=str(db.uuid7()),
        to=to,
        sealed_group=tuple(map(factories.PHONES.seal, group)),
        sealed_sender=factories.PHONES.seal(PHONE),
        text=words,
        received_at=clock.now(),
    )


async def test_a_stop_in_a_group_text_counts_for_its_sender_only(
    stage: Stage, person: Person
) -> None:
    await stage.member(FRIEND)
    await stage.hear(group_text("STOP", FRIEND, person.number))
    stopped = [event.phone_index for event in await stage.told(MemberOptedOut)]
    assert stopped == [factories.PHONES.index(stage.church_id, PHONE)]
    assert len(await person.answers()) == 1


async def test_a_group_text_is_understood_wherever_our_number_stands(
    stage: Stage, person: Person
) -> None:
    for group in ((person.number, FRIEND), (FRIEND, person.number)):
        await stage.hear(group_text("See you there", *group))
        await stage.hear(group_text("See you there", *group, to=person.number))
    understood = await stage.told(TextUnderstood)
    assert [(each.church_id, each.to) for each in understood] == [
        (stage.church_id, person.number)
    ] * 4


async def test_a_stop_that_came_as_a_part_of_a_text_is_a_stop(stage: Stage, person: Person) -> None:
    words = WordsFound(
        church_id=stage.church_id,
        carrier="telnyx",
        carrier_message_id="1",
        to=person.number,
        sealed_sender=factories.PHONES.seal(PHONE),
        text="STOP",
        received_at=clock.now(),
    )
    await stage.hear(words)
    assert len(await stage.told(MemberOptedOut)) == len(await person.answers()) == 1
    assert [each.meaning for each in await stage.told(TextUnderstood)] == ["stop"]


async def test_a_group_text_to_nobody_of_ours_is_passed_over(stage: Stage, person: Person) -> None:
    await stage.hear(group_text("STOP", FRIEND, phone(71)))
    assert await stage.told(MemberOptedOut) == []
