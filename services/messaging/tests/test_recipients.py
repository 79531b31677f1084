"""Placing recipients with what is filled in for each."""

from typing import Any

import pytest

from koinonia.common.events.messaging import MessageCreated
from koinonia.messaging.messages import part_counts
from koinonia.messaging.messages.part_counts import Measured

from .stage import Stage

TEXT = "{{firstName}}" + "x" * 155


async def test_each_text_is_counted_with_its_own_name(stage: Stage) -> None:
    for name in ("Ada", "Bob", "Bartholomew", "Łucja"):
        await stage.member(first_name=name)

    sent = await stage.send(TEXT)

    texts = await stage.texts(sent.id)
    assert [(text.merge_values, text.parts_estimated) for text in texts] == [
        (["Ada"], 1),
        (["Bob"], 1),
        (["Bartholomew"], 2),
        (["Łucja"], 3),
    ]
    [created] = await stage.told(MessageCreated)
    assert (created.recipients, created.parts) == (4, 7)


async def test_who_is_renamed_in_this_very_moment_is_counted_by_the_new_name(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await stage.member(first_name="Ada")
    await stage.member(first_name="Bob")
    measure = part_counts.measure

    async def rename_once(*given: Any) -> Measured:
        monkeypatch.undo()
        await stage.run("UPDATE members SET first_name = 'Bartholomew' WHERE id = :id", id=ada.id)
        return await measure(*given)

    monkeypatch.setattr(part_counts, "measure", rename_once)
    sent = await stage.send(TEXT)

    texts = await stage.texts(sent.id)
    assert [(text.merge_values, text.parts_estimated) for text in texts] == [
        (["Bartholomew"], 2),
        (["Bob"], 1),
    ]
    assert (await stage.message(sent.id)).parts_estimated == 3


async def test_where_texts_may_arrive_is_kept_with_them_and_counted(stage: Stage) -> None:
    for zone in ("America/Denver", "America/Denver", None):
        member = await stage.member()
        await stage.run(
            "UPDATE members SET timezone = :zone, zones = '' WHERE id = :id",
            zone=zone,
            id=member.id,
        )
    sent = await stage.send()
    assert (await stage.message(sent.id)).zones == {"America/Denver": 2, "": 1}
    assert [text.zones for text in await stage.texts(sent.id)] == ["America/Denver"] * 2 + [""]
