"""A church never sees another church's things: every route of the merged interface is tried."""

from typing import Any

import httpx
import pytest_asyncio

from koinonia.common.testing.eventually import eventually

from .churches import Church
from .conftest import Founded
from .interface import Operation, Place, operations
from .network import Network
from .things import things

LISTS = (
    *("branches", "groups", "members", "messages", "conversations", "phone-numbers"),
    *("templates", "drafts", "fields", "schedules", "segments", "keywords", "canned-replies"),
    *("auth/team", "auth/invitations", "auth/keys", "webhook-endpoints"),
)


# A signed address is for whoever has it; that none can be forged is seen in test_inbox.py.
SIGNED = ("/api/files/{fileId}",)

# A list of threads is filtered by what threads have; of what none has it is empty.
FILTERS = {
    *((f"GET /api/audit{way}", by) for way in ("", "/export") for by in ("actorId", "thingId")),
    *(("GET /api/conversations", "label"), ("GET /api/conversations", "group")),
    *(("GET /api/conversations/search", each) for each in ("label", "memberId")),
}

# It lists what one person got, so it takes who.
RECEIVED = ("GET /api/messages/received", "memberId")

# Groups are messaging's, which passes over those that it does not know.
PASSED_OVER = {
    ("POST /api/notifications/read", "ids"),  # of others nothing is read, and nobody is told
    ("POST /api/conversations/{conversationId}/member", "groupIds"),
    ("POST /api/members/bulk/groups/by-filter", "cursor"),  # a place in the own people's order
}


@pytest_asyncio.fixture(loop_scope="session")
async def walk(visitor: httpx.AsyncClient) -> list[Operation]:
    """Every operation that takes an id, and each way to aim a message."""
    document = (await visitor.get("/api/openapi.json")).json()
    found = [each for each in operations(document) if each.places and each.path not in SIGNED]
    assert len(found) > 20
    return found


@pytest_asyncio.fixture(loop_scope="session")
async def tagged(visitor: httpx.AsyncClient) -> list[Operation]:
    """Every operation that answers 304 to who has its answer."""
    document = (await visitor.get("/api/openapi.json")).json()
    found = [
        each
        for each in operations(document)
        if each.path not in SIGNED
        and "304" in document["paths"][each.path][each.method]["responses"]
    ]
    assert len(found) > 20
    return found


async def test_another_church_s_ids_are_not_found_on_any_route(
    found: Founded, phones: Network, walk: list[Operation]
) -> None:
    theirs, ours = await found(members=2), await found(members=2)
    foreign, own = await things(theirs, phones), await things(ours, phones)
    before = await everything(theirs)
    for operation in walk:
        for place in operation.places:
            if (str(operation), place.name) in PASSED_OVER:
                continue
            ids = operation.ids(own, place, foreign[place.noun])
            answer = await operation.ask(ours.api, ids)
            told = f"{operation} with a foreign {place.name}: {answer.status_code} {answer.text}"
            if (str(operation), place.name) in FILTERS:
                assert is_empty(answer), told
                continue
            assert answer.status_code == 404, told
            assert answer.json()["error"]["code"].endswith("NOT_FOUND"), told
    assert await everything(theirs) == before


def is_empty(answer: httpx.Response) -> bool:
    """A list of nothing, or a file that ends with its heading."""
    if answer.headers["content-type"].startswith("text/csv"):
        return len(answer.text.splitlines()) == 1
    return bool(answer.json()["data"] == [])


async def test_every_way_to_aim_a_message_refuses_another_church_s_ids(
    found: Founded, phones: Network, walk: list[Operation]
) -> None:
    theirs, ours = await found(members=1), await found(members=1)
    foreign = await things(theirs, phones)
    [send] = [each for each in walk if each.path == "/api/messages/send"]
    for kind, noun in {"individual": "member", "groups": "group", "branches": "branch"}.items():
        aimed = send.having({"content": "Hello", "targetType": kind})
        answer = await aimed.ask(ours.api, {Place("body", "targetIds", True): foreign[noun]})
        assert answer.status_code == 404, f"{kind}: {answer.text}"
    for target in (
        {"type": "segment", "segmentId": foreign["segment"]},
        {"type": "groups", "ids": [foreign["group"]]},
        {"type": "filter", "filter": {"groups": {"noneOf": [foreign["group"]]}}},
        {"type": "recipients_of", "messageId": foreign["message"], "statuses": ["delivered"]},
    ):
        asked = {"content": "Hello", "target": target}
        answer = await ours.api.post("/api/messages/send", json=asked)
        assert answer.status_code == 404, f"{target}: {answer.text}"
    assert (await ours.get("/api/messages"))["data"] == []


async def test_the_same_walk_finds_one_s_own_things(
    found: Founded, phones: Network, walk: list[Operation]
) -> None:
    church = await found(members=1)
    own = await things(church, phones)
    reads = [each for each in walk if each.method == "get"]
    assert len(reads) > 5
    for operation in reads:
        answer = await operation.ask(church.api, operation.ids(own))
        assert answer.status_code == 200, f"{operation}: {answer.text}"


async def test_no_answer_of_a_church_is_taken_for_that_of_another(
    found: Founded, phones: Network, tagged: list[Operation]
) -> None:
    theirs, ours = await found(members=1), await found(members=1)
    foreign, own = await things(theirs, phones), await things(ours, phones)
    for operation in tagged:
        paths = [
            each
            for each in operation.places
            if each.where == "path" or (str(operation), each.name) == RECEIVED
        ]
        first = await operation.ask(theirs.api, {each: foreign[each.noun] for each in paths})
        if first.status_code == 400:  # it takes a query, which says whose
            continue
        assert first.headers["cache-control"] == "private, no-cache", str(operation)
        ours.api.headers["If-None-Match"] = first.headers["etag"]
        answer = await operation.ask(ours.api, {each: own[each.noun] for each in paths})
        assert answer.status_code == 200, str(operation)
        denied = await operation.ask(ours.api, {each: foreign[each.noun] for each in paths})
        assert denied.status_code == (404 if paths else 200), str(operation)


async def test_lists_hold_one_s_own_things_only(found: Founded, phones: Network) -> None:
    theirs, ours = await found(members=2), await found(members=3)
    foreign = set((await things(theirs, phones)).values())
    for name in LISTS:
        listed = {each["id"] for each in await ours.everything(f"/api/{name}")}
        assert not listed & foreign, name
    assert len(await ours.everything("/api/members")) == 3


async def everything(church: Church) -> list[Any]:
    """All that a church has, once nothing moves any more."""

    async def settled() -> list[Any] | None:
        first, second = [[await church.everything(f"/api/{name}") for name in LISTS] for _ in "ab"]
        return first if first == second else None

    return list(await eventually(settled, 10))
