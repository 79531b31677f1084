"""Whom a broadcast is for: a filter, a segment, the recipients of an earlier one."""

import random
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from koinonia.common import clock, db

from . import factories, filtered_people
from .conftest import Client
from .desk import Desk
from .filtered_people import PEOPLE, settle, some_filter
from .scheduling import later, scheduled

FAILED = ("sent", "failed", "delivered", "unconfirmed")


def _code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def _query(said: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The filter as a list takes it in its address."""
    for kind, ids in said.get("groups", {}).items():
        yield from ((f"groups{kind[0].upper()}{kind[1:]}", str(each)) for each in ids)
    yield from (("consent", state) for state in said.get("consent", ()))
    for field in said.get("fields", ()):
        yield from (("field", f"team:{value}") for value in field.get("anyOf", ()))
        if "isSet" in field:
            yield "field", "team:*" if field["isSet"] else "team:"
    for name in ("joinedSince", "joinedBefore", "joinedWithinDays"):
        if name in said:
            yield name, str(said[name])
    heard = said.get("lastHeardFrom", {})
    for name, each in heard.items():
        yield (
            {"never": "neverHeard", "notWithinDays": "notHeardWithinDays"}.get(
                name, f"heard{name[0].upper()}{name[1:]}"
            ),
            str(each).lower() if name == "never" else str(each),
        )


def _is_in_an_address(said: dict[str, Any]) -> bool:
    known = ({"field", "anyOf"}, {"field", "isSet"})
    return "dates" not in said and all(set(each) in known for each in said.get("fields", ()))


async def _listed(api: httpx.AsyncClient, path: str, params: Any = ()) -> list[dict[str, Any]]:
    answer = await api.get(path, params=[*params, ("limit", "100")])
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


@pytest.mark.parametrize("seed", range(12))
async def test_a_list_a_preview_and_the_phones_that_are_texted_agree_about_any_filter(
    desk: Desk, database: db.Database, church_id: UUID, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filtered_people, "NOW", clock.now())
    groups = await settle(database, church_id)
    said, _ = some_filter(random.Random(seed), groups, filtered_people.KINDS)
    said = _as_json(said)
    segment = (await desk.api.post("/api/segments", json={"name": "X", "filter": said})).json()
    people = await _listed(desk.api, f"/api/segments/{segment['id']}/members")
    if _is_in_an_address(said):
        by_address = await _listed(desk.api, "/api/members", _query(said))
        assert sorted(each["id"] for each in by_address) == sorted(each["id"] for each in people)
    target = {"type": "filter", "filter": said}
    preview = await desk.preview(target=target)
    may_be_texted = {each["phone"] for each in people if each["consent"] == "granted"}
    left_out = sum(preview["excluded"].values()) - preview["excluded"]["duplicate"]
    assert preview["people"] == len(people) == segment["memberCount"]
    assert preview["phones"] == len(may_be_texted)
    assert preview["phones"] + left_out == len({each["phone"] for each in people})
    sent = await desk.post("send", "Hello", target=target, previewHash=preview["previewHash"])
    if not may_be_texted:
        assert _code(sent) == (422, "NO_REACHABLE_MEMBERS")
        return
    path = f"/api/messages/{sent.json()['messageId']}"
    assert {each["phone"] for each in await _listed(desk.api, f"{path}/recipients")} == (
        may_be_texted
    )
    assert (await desk.api.get(path)).json()["target"] == target


def _as_json(said: Any) -> Any:
    if isinstance(said, dict):
        return {name: _as_json(each) for name, each in said.items()}
    if isinstance(said, list):
        return [_as_json(each) for each in said]
    if isinstance(said, UUID):
        return str(said)
    return said.isoformat().replace("+00:00", "Z") if hasattr(said, "isoformat") else said


async def test_a_segment_is_of_the_people_of_then_and_a_message_keeps_what_it_meant(
    desk: Desk, database: db.Database, church_id: UUID
) -> None:
    await settle(database, church_id)
    wanted = {"fields": [{"field": "team", "contains": "blue"}]}
    made = (await desk.api.post("/api/segments", json={"name": "Blue", "filter": wanted})).json()
    target = {"type": "segment", "segmentId": made["id"]}
    assert (await desk.preview(target=target))["phones"] == 1
    [di] = [each for each in PEOPLE if each.first == "Di"]
    await desk.api.patch(f"/api/members/{di.id}", json={"fields": {"team": "Blue"}})
    sent = (await desk.post("send", "Hello", target=target)).json()
    assert sent["totalRecipients"] == 2
    other = {"consent": ["granted"]}
    await desk.api.patch(f"/api/segments/{made['id']}", json={"filter": other, "name": "All"})
    shown = (await desk.api.get(f"/api/messages/{sent['messageId']}")).json()
    assert shown["target"] == target | {"name": "Blue", "filter": wanted}
    assert (shown["targetType"], shown["targetIds"]) == ("segment", [])


async def test_a_changed_segment_is_no_longer_what_was_previewed(desk: Desk) -> None:
    await desk.member()
    asked = {"name": "New", "filter": {"joinedWithinDays": 30}}
    made = (await desk.api.post("/api/segments", json=asked)).json()
    target = {"type": "segment", "segmentId": made["id"]}
    preview = await desk.preview(target=target)
    await desk.api.patch(f"/api/segments/{made['id']}", json={"filter": {"joinedWithinDays": 60}})
    refused = await desk.post("send", "Hello", target=target, previewHash=preview["previewHash"])
    assert _code(refused) == (409, "PREVIEW_CHANGED")
    assert refused.json()["error"]["details"]["changed"] == "message"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"target": {"type": "all"}, "targetType": "all"}, "not both"),
        ({"target": {"type": "filter", "filter": {}}}, "everybody"),
        ({"target": {"type": "filter"}}, "target.filter: This is required."),
        ({"target": {"type": "friends"}}, "type must be one of"),
        ({"target": {"segmentId": str(UUID(int=1))}}, "This takes type"),
        ({"target": {"type": "groups", "ids": []}}, "at least 1"),
        ({"target": {"type": "segment", "segmentId": 3}}, "must be an id"),
        ({"target": {"type": "recipients_of", "messageId": str(UUID(int=1))}}, "required"),
        (
            {
                "target": {
                    "type": "recipients_of",
                    "messageId": str(UUID(int=1)),
                    "statuses": ["pending"],
                }
            },
            "must be sent",
        ),
        ({"targetType": "segment"}, "must be individual"),
        ({"targetType": "groups"}, "at least one id"),
        ({}, "Say whom it is for"),
    ],
)
async def test_a_target_that_means_nothing_is_refused_in_words(
    api: httpx.AsyncClient, given: dict[str, Any], said: str
) -> None:
    for path in ("send", "preview"):
        refused = await api.post(f"/api/messages/{path}", json={"content": "Hello"} | given)
        assert refused.json()["error"]["code"] == "VALIDATION_ERROR"
        assert said in refused.json()["error"]["message"]


async def test_every_target_has_a_form_with_a_type(desk: Desk) -> None:
    ada = await desk.member()
    for target in ({"type": "all"}, {"type": "individual", "ids": [str(ada.id)]}):
        sent = await desk.post("send", "Hello", target=target)
        shown = (await desk.api.get(f"/api/messages/{sent.json()['messageId']}")).json()
        assert (shown["target"], shown["targetType"]) == (target, target["type"])
        assert shown["targetIds"] == target.get("ids", [])


async def test_a_schedule_takes_a_filter_and_gives_it_up_for_another_target(desk: Desk) -> None:
    ada = await desk.member()
    target = {"type": "filter", "filter": {"lastHeardFrom": {"never": True}}}
    made = await scheduled(desk, target=target)
    assert made["target"] == target
    path = f"/api/schedules/{made['id']}"
    renamed = (await desk.api.patch(path, json={"name": "Silent"})).json()
    assert (renamed["target"], renamed["name"]) == (target, "Silent")
    ids = {"targetType": "individual", "targetIds": [str(ada.id)]}
    changed = (await desk.api.patch(path, json=ids)).json()
    assert changed["target"] == {"type": "individual", "ids": [str(ada.id)]}
    back = (await desk.api.patch(path, json={"target": target})).json()
    assert (back["target"], back["targetIds"]) == (target, [])
    assert (await desk.api.post(f"{path}/preview")).json()["phones"] == 1


async def test_who_left_a_ministry_is_not_texted_by_a_filter_that_names_it(
    desk: Desk, database: db.Database, church_id: UUID
) -> None:
    async with database.transaction(church_id) as session:
        youth = await factories.group(session, church_id)
        stays, left = [await factories.member(session, church_id, groups=[youth]) for _ in range(2)]
    await desk.run(
        """
        INSERT INTO group_stops (church_id, group_id, phone_index, member_ids, stopped_at)
        VALUES (:church, :group, :phone, '{}', now())
        """,
        group=youth,
        phone=left.phone_index,
    )
    target = {"type": "filter", "filter": {"groups": {"anyOf": [str(youth)]}}}
    preview = await desk.preview(target=target)
    assert (preview["phones"], preview["excluded"]["ministryStopped"]) == (1, 1)
    sent = (await desk.post("send", "Hello", target=target)).json()
    [text] = await _listed(desk.api, f"/api/messages/{sent['messageId']}/recipients")
    assert text["phone"] == stays.phone
    correction = {
        "type": "recipients_of",
        "messageId": sent["messageId"],
        "statuses": ["skipped", "sent"],
    }
    await desk.run("UPDATE message_recipients SET status = 'sent'")
    await desk.run("UPDATE group_stops SET phone_index = :phone", phone=stays.phone_index)
    assert (await desk.preview(target=correction))["excluded"]["ministryStopped"] == 1


class Earlier:
    """A broadcast to four people, each of whose texts had another end."""

    def __init__(self, desk: Desk, id_: str, people: list[factories.Member]) -> None:
        self.desk, self.id, self.people = desk, id_, people

    def target(self, *statuses: str) -> dict[str, Any]:
        return {"type": "recipients_of", "messageId": self.id, "statuses": list(statuses)}

    async def ends(self, person: factories.Member, status: str) -> None:
        await self.desk.run(
            "UPDATE message_recipients SET status = :status WHERE phone_index = :phone",
            status=status,
            phone=person.phone_index,
        )


@pytest_asyncio.fixture
async def earlier(desk: Desk) -> Earlier:
    people = [await desk.member(first_name=f"P{n}") for n in range(4)]
    sent = (await desk.post("send", "Service at nine")).json()
    made = Earlier(desk, sent["messageId"], people)
    for person, status in zip(people, FAILED, strict=True):
        await made.ends(person, status)
    return made


async def test_a_correction_goes_to_those_who_got_it_and_another_try_to_the_others(
    desk: Desk, earlier: Earlier
) -> None:
    await desk.member()  # who joined since
    sent, failed, delivered, unconfirmed = earlier.people
    for statuses, people in (
        (["sent", "delivered"], {sent, delivered}),
        (["failed"], {failed}),
        (["unconfirmed", "failed"], {unconfirmed, failed}),
    ):
        target = earlier.target(*statuses)
        asked = {"priority": "high", "target": target}
        preview = await desk.preview("At ten, sorry", **asked)
        assert (preview["phones"], preview["people"]) == (len(people), len(people))
        answer = await desk.post(
            "send", "At ten, sorry", previewHash=preview["previewHash"], **asked
        )
        path = f"/api/messages/{answer.json()['messageId']}"
        assert {each["phone"] for each in await _listed(desk.api, f"{path}/recipients")} == {
            each.phone for each in people
        }
        assert (await desk.api.get(path)).json()["target"] == target


async def test_a_text_that_moved_since_the_preview_refuses_the_send(
    desk: Desk, earlier: Earlier
) -> None:
    asked = {"content": "Again", "target": earlier.target("failed")}
    preview = await desk.preview(**asked)
    sent, failed, *_ = earlier.people
    await earlier.ends(sent, "failed")
    await earlier.ends(failed, "delivered")  # as many as before, and somebody else
    for path, given in (("messages/send", {}), ("schedules", {"scheduledAt": later()})):
        refused = await desk.api.post(
            f"/api/{path}", json=asked | given | {"previewHash": preview["previewHash"]}
        )
        assert _code(refused) == (409, "PREVIEW_CHANGED")
        assert refused.json()["error"]["details"]["changed"] == "recipients"


async def test_stops_hold_for_a_correction_and_who_is_gone_is_told(
    desk: Desk, earlier: Earlier
) -> None:
    sent, failed, delivered, unconfirmed = earlier.people
    await desk.opt_out(sent.phone)
    await desk.api.delete(f"/api/members/{failed.id}")
    await desk.api.patch(f"/api/members/{delivered.id}", json={"phone": factories.phone()})
    preview = await desk.preview("Hi {{firstName}}", target=earlier.target(*FAILED))
    assert preview["phones"] == 1
    assert {reason: n for reason, n in preview["excluded"].items() if n} == {
        "optedOut": 1,
        "removed": 2,
    }
    answer = await desk.post("send", "Hi {{firstName}}", target=earlier.target(*FAILED))
    path = f"/api/messages/{answer.json()['messageId']}"
    [text] = await _listed(desk.api, f"{path}/recipients")
    assert (text["phone"], text["content"]) == (unconfirmed.phone, "Hi P3")
    assert (await desk.api.get(path)).json()["excluded"]["removed"] == 2
    nobody = await desk.post("send", "Hello", target=earlier.target("failed"))
    assert _code(nobody) == (422, "NO_REACHABLE_MEMBERS")
    assert nobody.json()["error"]["details"] == {"removed": 1}


async def test_a_message_of_others_and_a_schedule_have_no_recipients(
    desk: Desk, client: Client, other_church_id: UUID, earlier: Earlier
) -> None:
    theirs = client(other_church_id)
    asked = {"content": "Hello", "target": earlier.target("failed")}
    assert _code(await theirs.post("/api/messages/preview", json=asked)) == (
        *(404, "MESSAGE_NOT_FOUND"),
    )
    made = await scheduled(desk)
    target = earlier.target("failed") | {"messageId": made["id"]}
    assert _code(await desk.post("preview", "Hello", target=target)) == (404, "MESSAGE_NOT_FOUND")
