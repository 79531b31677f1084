"""Staff keep the church's keywords; words that have a meaning are refused."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from koinonia.common import db
from koinonia.common.events.auth import AdminJoined
from koinonia.common.identity import Role
from koinonia.common.testing import service
from koinonia.messaging.keywords import keywords
from koinonia.messaging.keywords.errors import WordReserved
from koinonia.messaging.program import PROGRAM

from . import factories
from .conftest import Client

PATH = "/api/keywords"


async def make(api: httpx.AsyncClient, word: str, **given: Any) -> httpx.Response:
    return await api.post(PATH, json={"word": word, "answer": "Hello!"} | given)


async def test_a_keyword_is_made_changed_and_removed(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    async with database.transaction(church_id) as session:
        group_id = str(await factories.group(session, church_id))
    made = (await make(api, " Join  the PICNIC ", groupId=group_id)).json()
    assert (made["word"], made["groupName"]) == ("Join the PICNIC", "Youth")
    path = f"{PATH}/{made['id']}"
    changed = (await api.patch(path, json={"groupId": None, "isActive": False})).json()
    assert (changed["groupId"], changed["answer"], changed["isActive"]) == (None, "Hello!", False)
    assert (await api.get(path)).json() == changed
    assert (await api.delete(path)).status_code == 204
    assert (await api.get(path)).json()["error"]["code"] == "KEYWORD_NOT_FOUND"


async def test_keywords_are_listed_by_word_and_page_by_page(api: httpx.AsyncClient) -> None:
    for word in ("Picnic", "alpha", "Zeal"):
        await make(api, word)
    first = (await api.get(PATH, params={"limit": "2"})).json()
    second = (await api.get(PATH, params={"limit": "2", "cursor": first["nextCursor"]})).json()
    assert [each["word"] for page in (first, second) for each in page["data"]] == [
        "alpha",
        "Picnic",
        "Zeal",
    ]


MEANT = (
    *("stop", "STOP CHOIR", "Leave Choir", "start youth", "unstop", "Help", "info", "yes", "no"),
    *("Thank you", "please", "unsubscribe me", "Stop texting me", "S T O P", "cancel", "no mas"),
)


@pytest.mark.parametrize("word", MEANT)
def test_a_word_that_has_a_meaning_is_no_keyword(word: str) -> None:
    with pytest.raises(WordReserved):
        keywords.key(word)


@pytest.mark.parametrize("word", ["JOIN", "JOIN YOUTH", "VBS 2026", "All in", "Help us move", "1"])
def test_a_word_that_means_nothing_yet_is_a_keyword(word: str) -> None:
    assert keywords.key(word) == word.lower()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"word": "STOP youth"}, "KEYWORD_RESERVED"),
        ({"word": "🎉!"}, "KEYWORD_EMPTY"),
        ({"answer": None}, "KEYWORD_DOES_NOTHING"),
        ({"answer": "ż" * 700}, "ANSWER_TOO_LONG"),
        ({"answer": "a" * 1501}, "VALIDATION_ERROR"),
        ({"word": "x" * 41}, "VALIDATION_ERROR"),
    ],
)
async def test_a_keyword_that_cannot_work_is_refused(
    api: httpx.AsyncClient, given: dict[str, Any], code: str
) -> None:
    refused = await make(api, **{"word": "Picnic", **given})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, code)


async def test_a_word_is_one_keyword_of_the_church(
    api: httpx.AsyncClient, client: Client, other_church_id: UUID
) -> None:
    await make(api, "Join Picnic")
    again = await make(api, "“JOIN PÍCNIC!”")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "KEYWORD_EXISTS")
    assert (await make(client(other_church_id), "Join Picnic")).status_code == 201


async def test_a_group_that_a_keyword_puts_people_into_is_not_removed(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    async with database.transaction(church_id) as session:
        group_id = await factories.group(session, church_id)
    keyword = (await make(api, "Picnic", groupId=str(group_id))).json()
    refused = await api.delete(f"/api/groups/{group_id}")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "GROUP_IN_USE")
    await api.delete(f"{PATH}/{keyword['id']}")
    assert (await api.delete(f"/api/groups/{group_id}")).status_code == 204


async def test_only_an_admin_or_the_owner_changes_keywords(client: Client, church_id: UUID) -> None:
    made = (await make(client(church_id, Role.ADMIN), "Picnic")).json()
    path = f"{PATH}/{made['id']}"
    for role in (Role.STAFF, Role.VIEWER):
        reader = client(church_id, role)
        assert (await reader.get(path)).status_code == 200
        answers = [
            await make(reader, "Other"),
            await reader.patch(path, json={"word": "Other"}),
            await reader.delete(path),
        ]
        assert [answer.status_code for answer in answers] == [403, 403, 403]


async def test_what_another_church_has_is_not_found(
    api: httpx.AsyncClient, client: Client, house: Any, church_id: UUID, other_church_id: UUID
) -> None:
    ours, theirs = db.uuid7(), db.uuid7()
    for church, admin in ((church_id, ours), (other_church_id, theirs)):
        joined = AdminJoined(church_id=church, admin_id=admin, role="staff")
        await service.hear(PROGRAM, house, joined)
    async with house.database.transaction(other_church_id) as session:
        group_id = str(await factories.group(session, other_church_id))
    foreign = (await make(client(other_church_id), "Picnic")).json()["id"]
    answers = [
        await api.get(f"{PATH}/{foreign}"),
        await api.patch(f"{PATH}/{foreign}", json={"word": "Mine"}),
        await api.delete(f"{PATH}/{foreign}"),
        await make(api, "Mine", groupId=group_id),
        await make(api, "Mine", notify=[str(theirs)]),
    ]
    assert [answer.status_code for answer in answers] == [404] * 5
    assert (await make(api, "Mine", notify=[str(ours)])).json()["notify"] == [str(ours)]
    assert len((await api.get(PATH)).json()["data"]) == 1
