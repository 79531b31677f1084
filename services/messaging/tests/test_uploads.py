"""Pictures that go out with broadcasts, schedules and templates by their id."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from koinonia.common import clock, db
from koinonia.common.events.conversation import UploadForgotten, UploadStored
from koinonia.common.events.messaging import UploadsReferenced
from koinonia.common.testing import probe, service
from koinonia.messaging.program import PROGRAM
from koinonia.messaging.schedules import due_schedules

from .desk import Desk
from .scheduling import later, scheduled

WEEK = timedelta(days=7)


def address(church_id: UUID, media_id: UUID, expires: int = 9) -> str:
    return f"https://k.example/api/files/{media_id}?church={church_id}&expires={expires}"


async def upload(desk: Desk, size: int = 1_000, left: timedelta = WEEK) -> str:
    """What conversation says of an upload; its id."""
    media_id = db.uuid7()
    told = UploadStored(
        church_id=desk.church_id,
        media_id=media_id,
        bytes=size,
        content_type="image/png",
        url=address(desk.church_id, media_id, expires=2_000_000_000),
        kept_until=clock.now() + left,
    )
    await service.hear(PROGRAM, desk.house, told)
    return str(media_id)


async def references(desk: Desk) -> dict[UUID, list[str]]:
    """What conversation was told last of each holder."""
    async with desk.house.database.transaction() as session:
        found = await probe.rows(
            session,
            "SELECT body FROM outbox WHERE church_id = :church AND name = :name ORDER BY position",
            {"church": desk.church_id, "name": UploadsReferenced.name},
        )
    said = [UploadsReferenced.model_validate_json(row.body) for row in found]
    return {each.holder_id: [str(media_id) for media_id in each.media_ids] for each in said}


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def test_a_broadcast_takes_an_upload_and_says_that_it_uses_it(desk: Desk) -> None:
    await desk.member()
    media_id = await upload(desk)
    preview = await desk.preview(mediaIds=[media_id])
    assert await references(desk) == {}
    sent = await desk.post(
        "send", "Look", mediaUrls=["https://example.org/a.png"], mediaIds=[media_id]
    )
    message = (await desk.api.get(f"/api/messages/{sent.json()['messageId']}")).json()
    assert preview["parts"] == 1
    assert message["mediaUrls"] == [
        "https://example.org/a.png",
        address(desk.church_id, UUID(media_id), expires=2_000_000_000),
    ]
    assert await references(desk) == {UUID(message["id"]): [media_id]}


async def test_a_schedule_beyond_the_week_keeps_its_picture(desk: Desk) -> None:
    await desk.member()
    media_id = await upload(desk)
    made = await scheduled(desk, scheduledFor=None, scheduledAt=later(days=20), mediaIds=[media_id])
    assert made["mediaIds"] == [media_id]
    assert await references(desk) == {UUID(made["id"]): [media_id]}
    with clock.shift(timedelta(days=20, minutes=1)):
        await desk.run(
            "UPDATE due_schedules SET due_at = now() WHERE schedule_id = :id", id=made["id"]
        )
        await due_schedules.make_messages(desk.house)
    [past] = (await desk.api.get(f"/api/schedules/{made['id']}/occurrences")).json()["data"]
    assert (past["outcome"], past["reason"]) == ("sent", None)
    assert (await references(desk))[UUID(past["messageId"])] == [media_id]


async def test_the_address_of_an_upload_stands_for_the_upload(desk: Desk) -> None:
    await desk.member()
    media_id = await upload(desk)
    short_lived = address(desk.church_id, UUID(media_id))
    made = await scheduled(desk, mediaUrls=[short_lived])
    sent = await desk.post("send", "Look", mediaUrls=[short_lived])
    message = (await desk.api.get(f"/api/messages/{sent.json()['messageId']}")).json()
    assert message["mediaUrls"] == [address(desk.church_id, UUID(media_id), expires=2_000_000_000)]
    assert await references(desk) == {
        UUID(made["id"]): [media_id],
        UUID(message["id"]): [media_id],
    }


async def test_a_schedule_that_takes_another_picture_lets_go_of_the_first(desk: Desk) -> None:
    await desk.member()
    first, second = await upload(desk), await upload(desk)
    made = await scheduled(desk, mediaIds=[first])
    path = f"/api/schedules/{made['id']}"
    changed = await desk.api.patch(path, json={"mediaIds": [second]})
    assert changed.json()["mediaIds"] == [second]
    assert await references(desk) == {UUID(made["id"]): [second]}
    await desk.api.patch(path, json={"mediaIds": []})
    assert await references(desk) == {UUID(made["id"]): []}


async def test_a_template_brings_its_pictures(desk: Desk) -> None:
    await desk.member()
    media_id = await upload(desk)
    body = {"name": "Picnic", "content": "At three", "mediaIds": [media_id]}
    made = (await desk.api.post("/api/templates", json=body)).json()
    sent = await desk.api.post(
        "/api/messages/send", json={"templateId": made["id"], "targetType": "all"}
    )
    message_id = UUID(sent.json()["messageId"])
    assert (made["mediaIds"], await references(desk)) == (
        [media_id],
        {UUID(made["id"]): [media_id], message_id: [media_id]},
    )
    assert (await desk.api.delete(f"/api/templates/{made['id']}")).status_code == 204
    assert await references(desk) == {UUID(made["id"]): [], message_id: [media_id]}


PLACES = [
    ("messages/send", {"targetType": "all"}),
    ("messages/preview", {"targetType": "all"}),
    ("schedules", {"targetType": "all", "scheduledAt": None}),
    ("templates", {"name": "Picnic"}),
]


@pytest.mark.parametrize(("path", "given"), PLACES)
async def test_a_file_that_is_not_to_be_had_is_refused_everywhere(
    desk: Desk, path: str, given: dict[str, Any]
) -> None:
    await desk.member()
    old = await upload(desk, left=timedelta(seconds=-1))
    gone = await upload(desk)
    await service.hear(
        PROGRAM, desk.house, UploadForgotten(church_id=desk.church_id, media_id=UUID(gone))
    )
    foreign = UUID("0190a000-0000-7000-8000-000000000001")
    body = {"content": "Look"} | {name: value or later() for name, value in given.items()}
    for media_id in (old, str(foreign)):
        answer = await desk.api.post(f"/api/{path}", json=body | {"mediaIds": [media_id]})
        assert code(answer) == (404, "FILE_NOT_FOUND")


@pytest.mark.parametrize(("path", "given"), PLACES)
async def test_the_files_of_one_text_have_a_limit_together(
    desk: Desk, path: str, given: dict[str, Any]
) -> None:
    ids = [await upload(desk, size=500_001) for _ in range(2)]
    body = {"content": "Look"} | {name: value or later() for name, value in given.items()}
    assert code(await desk.api.post(f"/api/{path}", json=body | {"mediaIds": ids})) == (
        413,
        "FILES_TOO_LARGE",
    )
    twice = await desk.api.post(f"/api/{path}", json=body | {"mediaIds": [ids[0], ids[0]]})
    assert code(twice) == (400, "VALIDATION_ERROR")


async def test_what_is_used_can_be_used_again_after_its_week(desk: Desk) -> None:
    await desk.member()
    media_id = await upload(desk)
    assert (await desk.post("send", "Look", mediaIds=[media_id])).status_code == 202
    await desk.run("UPDATE uploads SET kept_until = now() - interval '1 day'")
    assert (await desk.post("send", "Look again", mediaIds=[media_id])).status_code == 202
    assert len(await references(desk)) == 2
