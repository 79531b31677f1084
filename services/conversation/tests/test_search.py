"""What a search finds, in which order, and whose."""

from typing import Any
from uuid import UUID

import httpx
from hypothesis import given
from hypothesis import strategies as st

from koinonia.common import db
from koinonia.common.events.auth import ChurchRegistered
from koinonia.common.runtime import Running
from koinonia.common.testing import phones, probe, service
from koinonia.common.testing.properties import on_servers
from koinonia.conversation.program import PROGRAM
from koinonia.conversation.search import search_backlog

from .conftest import Client
from .factories import THEIRS, church, hear, joined, member, text


async def found(api: httpx.AsyncClient, q: str, **params: str | int) -> list[dict[str, Any]]:
    answer = await api.get("/api/conversations/search", params={"q": q, **params})
    assert answer.status_code == 200, answer.text
    matches: list[dict[str, Any]] = [each["match"] for each in answer.json()["data"]]
    return matches


async def contents(api: httpx.AsyncClient, q: str) -> list[str]:
    return [match["content"] for match in await found(api, q)]


def marked(match: dict[str, Any]) -> list[str]:
    """The highlighted stretches, counted as a browser counts."""
    units = match["content"].encode("utf-16-le")
    return [
        units[2 * each["start"] : 2 * each["end"]].decode("utf-16-le")
        for each in match["highlights"]
    ]


PARKED, PARKING = "We parked behind the church", "Is there PARKING at the church?"
MUSIC = "The music on Sat/Sun was great"
SEARCHES = {
    "parking": [PARKING, PARKED],
    "church parking": [PARKING, PARKED],
    "church -behind": [PARKING],
    '"behind the church"': [PARKED],
    '"church behind"': [],
    "music or behind": [MUSIC, PARKED],
    "the mus": [MUSIC],  # begun
    "sun": [MUSIC],
    "mus great": [],  # only the last word may be unfinished
    "parked at the": [PARKING, PARKED],
}


async def test_words_are_required_excluded_quoted_or_begun(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    for minutes, line in enumerate((PARKED, MUSIC, PARKING)):
        await hear(database, text(line, minutes=minutes))
    assert {q: await contents(api, q) for q in SEARCHES} == SEARCHES


async def test_a_match_says_which_line_of_which_thread_and_where(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    ada = member(church_id, "Ada", "Moss")
    await hear(database, joined(church_id, ada), text("🎉 Qué día! <Oración> a las 10", minutes=5))
    [one] = (await api.get("/api/conversations/search?q=oracion dia")).json()["data"]
    assert one["conversation"]["id"] == str(thread_id)
    assert one["conversation"]["member"]["firstName"] == "Ada"
    assert (one["match"]["kind"], one["match"]["direction"]) == ("message", "inbound")
    assert one["match"]["messageId"] == one["conversation"]["lastMessage"]["id"]
    assert marked(one["match"]) == ["día", "Oración"]


async def test_a_church_s_language_decides_which_words_are_the_same(
    api: httpx.AsyncClient, running: Running, database: db.Database, church_id: UUID
) -> None:
    lines = ("Gracias por la oración", "¿Cantamos?")
    await hear(database, *(text(line, minutes=n) for n, line in enumerate(lines)))
    assert await contents(api, "cantar") == []
    spanish = ChurchRegistered(
        church_id=church_id, church_name="Iglesia", timezone="UTC", language="spanish"
    )
    await service.hear(PROGRAM, running, spanish)
    await search_backlog.index_backlog(running)
    assert await contents(api, "cantar") == ["¿Cantamos?"]
    await hear(database, text("Mucha Oracion", minutes=2))
    assert await contents(api, "oraciones") == ["Mucha Oracion", "Gracias por la oración"]


async def test_what_was_there_before_is_found_once_it_is_taken_in(
    api: httpx.AsyncClient, running: Running, database: db.Database, church_id: UUID
) -> None:
    await hear(database, joined(church_id, member(church_id, "Grace", "Lee")), text("Peace"))
    async with database.transaction(church_id) as session:
        for table in ("message_words", "contact_words", "conversation_phones"):
            await db.run(session, f"DELETE FROM {table}")
        await db.run(
            session,
            """
            INSERT INTO search_backlog (church_id, what)
            SELECT :church, unnest(ARRAY['lines', 'names', 'phones'])
            """,
            {"church": church_id},
        )
    searches = ("peace", "lee", "0101")
    assert [await contents(api, q) for q in searches] == [[], [], []]
    await search_backlog.index_backlog(running)
    assert [await contents(api, q) for q in searches] == [["Peace"], ["Grace Lee"], [THEIRS]]


async def test_names_are_found_as_they_begin_on_every_phone_of_theirs(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    family = [member(church_id, "José", "Núñez"), member(church_id, "Ann-Marie", "O'Brien")]
    other = member(church_id, "Jo", "Smith", phone=phones.phone(7))
    await hear(database, joined(church_id, *family, other), text("One"))
    await hear(database, text("Two", sender=phones.phone(7), minutes=1))
    assert await contents(api, "jose nun") == ["José Núñez"]
    assert await contents(api, "jo") == ["Jo Smith", "José Núñez"]
    assert await contents(api, "marie o'br") == ["Ann-Marie O'Brien"]
    [match] = await found(api, "nune")
    assert (marked(match), match["memberId"]) == (["Núñez"], str(family[0].member_id))


async def test_a_phone_is_found_by_its_end_its_area_or_the_whole(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    assert THEIRS == "+12015550101"
    await hear(database, text("Hello"))
    for q in ("0101", "2015", "(201) 555", "(201) 555-0101", "+1 201 555 0101", "1.201.555.0101"):
        [match] = await found(api, q)
        assert (match["kind"], match["content"]) == ("phone", THEIRS)
        assert marked(match) == ["".join(filter(str.isdigit, q))]
    assert await found(api, "0101555") == []


async def test_what_is_found_comes_newest_first_page_by_page_whatever_was_found(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    for n in range(4):
        await hear(database, text(f"For Grace {n}", sender=phones.phone(n + 1), minutes=n // 2))
    await hear(database, joined(church_id, member(church_id, "Grace", "Lee")))
    seen, cursor = list[tuple[str, str]](), ""
    while cursor is not None:
        params = {"q": "grace", "limit": "2", **({"cursor": cursor} if cursor else {})}
        page = (await api.get("/api/conversations/search", params=params)).json()
        seen += [(each["match"]["createdAt"], each["match"]["content"]) for each in page["data"]]
        cursor = page["nextCursor"]
    assert [at for at, _ in seen] == sorted((at for at, _ in seen), reverse=True)
    assert sorted(what for _, what in seen) == [*(f"For Grace {n}" for n in range(4)), "Grace Lee"]


async def test_a_line_of_a_merged_thread_is_found_in_the_one_that_has_it_now(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    await hear(database, text("Moved"), text("Here", sender=phones.phone(2), minutes=1))
    here, gone = [each["id"] for each in (await api.get("/api/conversations")).json()["data"]]
    await api.post(f"/api/conversations/{here}/merge", json={"fromId": gone})
    [one] = (await api.get("/api/conversations/search?q=moved")).json()["data"]
    assert one["conversation"]["id"] == here
    assert await found(api, "0101") == []


async def test_words_that_are_everywhere_are_said_to_be(api: httpx.AsyncClient) -> None:
    answer = await api.get("/api/conversations/search", params={"q": "the and"})
    assert answer.json()["data"] == []
    assert "nearly every text" in answer.json()["note"]


async def test_a_search_for_nothing_is_refused(api: httpx.AsyncClient) -> None:
    for q, code in {
        "": "VALIDATION_ERROR",
        "a" * 201: "VALIDATION_ERROR",
        "!?": "NOTHING_TO_SEARCH_FOR",
        "-parking": "NOTHING_TO_SEARCH_FOR",
        "\0": "VALIDATION_ERROR",
    }.items():
        answer = await api.get("/api/conversations/search", params={"q": q})
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


@on_servers(examples=60)
@given(q=st.text("ab 0\"'-\\:*&|!<>()/@.,%_\0\x01éß🎉ﬁ١or", min_size=1, max_size=30))
async def test_nothing_that_can_be_typed_breaks_a_search(
    api: httpx.AsyncClient, thread_id: UUID, q: str
) -> None:
    answer = await api.get("/api/conversations/search", params={"q": q})
    assert answer.status_code in (200, 400), answer.text


async def test_a_church_finds_its_own_only_and_nobody_finds_nothing(
    client: Client, database: db.Database, church_id: UUID
) -> None:
    other = await church(database, phones.phone(50))
    await hear(database, joined(church_id, member(church_id, "Grace", "Lee")))
    await hear(database, text("Grace and peace"), text("Peace", to=phones.phone(50)))
    async with client(other) as http:
        assert await contents(http, "peace") == ["Peace"]
        assert await contents(http, "grace") == []
        assert [match["kind"] for match in await found(http, "0101")] == ["phone"]
    functions = (
        "found_lines('grace', 'infinity', gen_random_uuid(), 9)",
        "found_names('grace', 'infinity', gen_random_uuid(), 9)",
    )
    for viewer, sees in ((church_id, [1, 1]), (other, [0, 0]), (None, [0, 0])):
        async with database.transaction(viewer) as session:
            counted = [
                (await probe.rows(session, f"SELECT count(*) FROM {function}"))[0][0]
                for function in functions
            ]
        assert counted == sees


async def test_what_runs_as_the_owner_may_be_run_by_the_service_alone(
    database: db.Database,
) -> None:
    async with database.transaction() as session:
        found = await probe.rows(
            session,
            """
            SELECT proname, has_function_privilege('public', oid, 'EXECUTE') AS by_anybody,
                   has_function_privilege(oid, 'EXECUTE') AS by_us, proconfig
              FROM pg_proc
             WHERE pronamespace = 'conversation'::regnamespace AND prosecdef
               AND prorettype <> 'trigger'::regtype
            """,
        )
    assert {row.proname for row in found} == {"found_lines", "found_names", "found_phones"}
    for row in found:
        assert (row.by_anybody, row.by_us) == (False, True)
        assert "search_path=conversation, pg_temp" in row.proconfig
