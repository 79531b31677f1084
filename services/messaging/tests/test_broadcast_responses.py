"""Who texted back after a broadcast is counted as it comes, each phone once."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest_asyncio

from koinonia.common.identity import Role
from koinonia.common.testing import service
from koinonia.messaging.program import PROGRAM

from .person import Person
from .stage import Stage


@pytest_asyncio.fixture
async def api(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    token = service.token(stage.church_id, Role.VIEWER)
    async with service.client(PROGRAM, stage.running, token) as client:
        yield client


async def broadcast(person: Person, content: str = "Picnic on Sunday?") -> UUID:
    """One that reached the person five minutes ago."""
    message_id = await person.stage.started(content)
    await person.stage.run(
        """
        UPDATE message_recipients SET status = 'sent', called_at = now() - interval '5 minutes'
         WHERE message_id = :id
        """,
        id=message_id,
    )
    return message_id


async def shown(api: httpx.AsyncClient, message_id: UUID) -> Any:
    """The figures of its report, after comparing them with the list."""
    [listed] = [
        each
        for each in (await api.get("/api/messages")).json()["data"]
        if each["id"] == str(message_id)
    ]
    report = (await api.get(f"/api/messages/{message_id}")).json()
    assert report["responses"] == listed["responses"]
    return report["responses"]


async def test_a_broadcast_begins_with_nobody_who_texted_back(
    person: Person, api: httpx.AsyncClient
) -> None:
    assert await shown(api, await broadcast(person)) == {"replied": 0, "stopped": 0}


async def test_a_person_who_texts_three_times_is_one_who_replied(
    person: Person, api: httpx.AsyncClient
) -> None:
    message_id = await broadcast(person)
    for text in ("Yes", "Where is it?", "And when?"):
        await person.says(text)
    assert await shown(api, message_id) == {"replied": 1, "stopped": 0}


async def test_a_stop_is_counted_beside_the_replies(person: Person, api: httpx.AsyncClient) -> None:
    message_id = await broadcast(person)
    await person.says("Who is this?")
    await person.says("STOP")
    await person.says("STOP")
    assert await shown(api, message_id) == {"replied": 1, "stopped": 1}


async def test_help_and_start_are_no_replies(person: Person, api: httpx.AsyncClient) -> None:
    message_id = await broadcast(person)
    await person.says("HELP")
    await person.says("START")
    assert await shown(api, message_id) == {"replied": 0, "stopped": 0}


async def test_a_text_that_is_told_again_counts_once_alone_or_in_a_burst(
    person: Person, api: httpx.AsyncClient
) -> None:
    message_id = await broadcast(person)
    texts = [person._text(text, person.at) for text in ("Yes", "Amen", "STOP")]
    await service.hear_together(PROGRAM, person.stage.running, *texts, *texts)
    await person.stage.hear(*texts)
    assert await shown(api, message_id) == {"replied": 1, "stopped": 1}


async def test_each_text_counts_for_the_broadcast_that_the_phone_was_sent_last(
    person: Person, api: httpx.AsyncClient
) -> None:
    first = await broadcast(person, "The first")
    await person.says("To the first")
    await person.stage.run("UPDATE message_recipients SET called_at = now() - interval '1 hour'")
    second = await broadcast(person, "The second")
    await person.says("To the second")
    assert await shown(api, first) == {"replied": 1, "stopped": 0}
    assert await shown(api, second) == {"replied": 1, "stopped": 0}


async def test_the_list_of_phones_says_who_texted_back_and_when(
    person: Person, api: httpx.AsyncClient
) -> None:
    message_id = await broadcast(person)
    await person.says("Yes")
    replied_at = person.at
    await person.says("Amen")
    await person.says("STOP")
    [phone] = (await api.get(f"/api/messages/{message_id}/recipients")).json()["data"]
    assert phone["repliedAt"] == replied_at.isoformat().replace("+00:00", "Z")
    assert phone["stoppedAt"] > phone["repliedAt"]


async def test_who_texted_back_can_be_listed_alone(person: Person, api: httpx.AsyncClient) -> None:
    await person.stage.member()
    message_id = await broadcast(person)
    await person.says("Yes")
    asked = f"/api/messages/{message_id}/recipients"
    everybody = (await api.get(asked, params={"page": 1})).json()
    replied = (await api.get(asked, params={"page": 1, "response": "replied"})).json()
    stopped = (await api.get(asked, params={"page": 1, "response": "stopped"})).json()
    assert [each["total"] for each in (everybody, replied, stopped)] == [2, 1, 0]
    assert [each["repliedAt"] is not None for each in replied["data"]] == [True]
