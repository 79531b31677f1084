"""Each recipient's own words: what is sent, what is sent again, and what staff see of it."""

import pytest

from koinonia.common.identity import Role
from koinonia.common.testing import service
from koinonia.messaging.broadcasts.sending import dispatch
from koinonia.messaging.composing import templates
from koinonia.messaging.composing.errors import FieldNeedsFallback
from koinonia.messaging.errors import TextTooLong
from koinonia.messaging.program import PROGRAM

from .lost_workers import claimed_by_a_worker_that_dies, leases_run_out
from .stage import Stage


def said(stage: Stage) -> dict[str, str]:
    """What each phone got."""
    return {text.to: text.text for text in stage.network.texts.values()}


async def test_each_phone_gets_its_own_words_and_a_household_all_its_names(stage: Stage) -> None:
    anna = await stage.member(first_name="Anna")
    await stage.member(anna.phone, first_name="Ben")
    cara = await stage.member(first_name="Cara")

    await stage.started("Hi {{ firstName | friend }}, {{lastName|dear}}!")
    await stage.work()

    assert said(stage) == {
        anna.phone: "Hi Anna and Ben, Smith!",
        cara.phone: "Hi Cara, Smith!",
    }


async def test_a_text_is_repeated_in_the_very_words_whatever_became_of_the_member(
    stage: Stage,
) -> None:
    anna = await stage.member(first_name="Anna")
    message_id = await stage.started("Hi {{firstName}}!")
    await stage.released()
    await claimed_by_a_worker_that_dies(stage, message_id)
    await stage.run("UPDATE members SET first_name = 'Renamed'")
    await leases_run_out(stage)

    await dispatch.recover(stage.running)
    await stage.work()

    assert said(stage) == {anna.phone: "Hi Anna!"}


async def test_what_a_name_holds_is_never_filled_in(stage: Stage) -> None:
    tricky = await stage.member(first_name="{{lastName}}")
    await stage.started("Hi {{firstName}}!")
    await stage.work()
    assert said(stage) == {tricky.phone: "Hi {{lastName}}!"}


async def test_parts_are_counted_with_each_name(stage: Stage) -> None:
    await stage.member(first_name="Ada")
    await stage.member(first_name="D’Arcy")
    message_id = await stage.started("{{firstName}}" + "x" * 150)
    assert [text.parts_estimated for text in await stage.texts(message_id)] == [1, 3]
    assert (await stage.message(message_id)).parts_estimated == 4


async def test_a_name_that_makes_eleven_parts_is_refused(stage: Stage) -> None:
    await stage.member(first_name="Zoë")
    with pytest.raises(TextTooLong):
        await stage.send("{{firstName}}" + "x" * 700)


async def test_a_church_s_own_field_is_filled_in_or_gives_its_fallback(stage: Stage) -> None:
    await stage.run(
        """
        INSERT INTO custom_fields (id, church_id, key, label, label_key)
        VALUES (gen_random_uuid(), :church, 'seat', 'Seat', 'seat')
        """,
        church=stage.church_id,
    )
    anna = await stage.member()
    await stage.run("""UPDATE members SET custom = '{"seat": "4b"}'""")
    ben = await stage.member()
    with pytest.raises(FieldNeedsFallback):
        await stage.send("Your seat: {{seat}}")

    await stage.started("Your seat: {{seat|ask us}}")
    await stage.work()

    assert said(stage) == {anna.phone: "Your seat: 4b", ben.phone: "Your seat: ask us"}


async def test_a_template_is_sent_as_it_is_now(stage: Stage) -> None:
    anna = await stage.member(first_name="Anna")
    async with stage.running.database.transaction(stage.church_id) as session:
        made = await templates.create(
            session, stage.church_id, "Hello", "general", "Hello {{firstName}}!"
        )
    sent = await stage.send(content="", templateId=str(made.id))
    await stage.approve(sent.id)
    await stage.work()
    assert said(stage) == {anna.phone: "Hello Anna!"}


async def test_staff_see_what_each_recipient_was_told(stage: Stage) -> None:
    await stage.member(first_name="Anna")
    await stage.member(first_name="Ben")
    sent = await stage.send("Hi {{firstName}}!")

    token = service.token(stage.church_id, Role.VIEWER)
    async with service.client(PROGRAM, stage.running, token) as api:
        detail = (await api.get(f"/api/messages/{sent.id}")).json()
        listed = (await api.get(f"/api/messages/{sent.id}/recipients")).json()

    assert sorted(each["content"] for each in listed["data"]) == ["Hi Anna!", "Hi Ben!"]
    assert detail["content"] == "Hi {{firstName}}!"
