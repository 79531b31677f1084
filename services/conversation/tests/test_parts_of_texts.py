"""What people text beside pictures: recordings, films, documents, contacts, words, layouts."""

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from koinonia.common import db
from koinonia.common.events.conversation import ConversationUpdated, WordsFound
from koinonia.common.runtime import Running
from koinonia.common.testing import service
from koinonia.common.testing.databases import Databases
from koinonia.conversation.automatic import understood_texts
from koinonia.conversation.media import inbound_files
from koinonia.conversation.program import PROGRAM

from .carrier_media import Store, picture
from .factories import OURS, PHONES, THEIRS, at, hear, said, text, understood
from .truths import untrue
from .uploads import PDF, shown, upload

SMIL = b'<?xml version="1.0"?><smil><body><par><img src="1.jpg"/></par></body></smil>'
CARD = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada Moss\r\nEND:VCARD\r\n"
AMR = b"#!AMR\n" + b"\x3c" * 32
HEIC = base64.b64decode((Path(__file__).parent / "photograph.heic.base64").read_text())
PAGE = b"<!DOCTYPE html><html><script>alert(1)</script></html>"


@pytest_asyncio.fixture
async def carrier() -> AsyncIterator[Store]:
    async with Store().serving() as store:
        yield store


@pytest_asyncio.fixture
async def running(
    databases: Databases, redis_url: str, rabbitmq_url: str, carrier: Store, tmp_path: Path
) -> AsyncIterator[Running]:
    servers = {"redis_url": redis_url, "rabbitmq_url": rabbitmq_url, "bus_namespace": "unused."}
    ours = {"media_folder": tmp_path / "media", "media_allowed_hosts": (carrier.host,)}
    async with service.opened(PROGRAM, databases, servers, **ours) as opened:
        yield opened


class Inbox:
    """One person's texts with parts, fetched from the carrier, and what the thread shows."""

    def __init__(self, running: Running, database: db.Database, api: httpx.AsyncClient) -> None:
        self.running, self.database, self.api = running, database, api

    async def gets(
        self, carrier: Store, words: str, **parts: tuple[bytes, str | None]
    ) -> dict[str, Any]:
        """The newest line, and the row of the list as ``row``."""
        urls = [carrier.holds(f"/{name}", content) for name, (content, _) in parts.items()]
        types = [declared for _, declared in parts.values()]
        await hear(self.database, text(words, media_urls=urls, media_types=types))
        await inbound_files.fetch_due(self.running)
        [row] = (await self.api.get("/api/conversations")).json()["data"]
        thread = (await self.api.get(f"/api/conversations/{row['id']}")).json()
        return {**thread["messages"][-1], "row": row["lastMessage"]}


@pytest.fixture
def inbox(running: Running, database: db.Database, api: httpx.AsyncClient) -> Inbox:
    return Inbox(running, database, api)


async def test_a_text_part_becomes_the_words_of_the_line_and_its_layout_nothing(
    inbox: Inbox, carrier: Store, church_id: UUID
) -> None:
    said_so = "¡Sí! See you".encode("cp1252"), "text/plain; charset=windows-1252"
    line = await inbox.gets(carrier, "", smil=(SMIL, "application/smil"), txt=said_so)
    assert (line["content"], line["media"], line["mediaUrls"]) == ("¡Sí! See you", [], [])
    assert (line["row"]["content"], line["row"]["media"]) == ("¡Sí! See you", None)
    last = (await said(inbox.database, ConversationUpdated))[-1]
    assert last.message_id is not None
    assert await untrue(inbox.database, church_id) == {}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Look:", "Look:\nat seven"),
        ("  ", "at seven"),
        ("Not at seven!", "Not at seven!"),
    ],
)
async def test_words_are_added_to_those_that_are_there_unless_they_say_it(
    inbox: Inbox, carrier: Store, words: str, expected: str
) -> None:
    parts = {"part": (b"at seven", "text/plain"), "photo": (picture(), "image/jpeg")}
    line = await inbox.gets(carrier, words, **parts)
    assert line["content"] == expected
    assert [file["contentType"] for file in line["media"]] == ["image/jpeg"]
    assert len(line["mediaUrls"]) == 1
    assert line["row"]["media"] == {"kind": "image", "count": 1}


async def test_words_that_came_as_a_part_are_told_to_who_understands_them(
    inbox: Inbox, carrier: Store, church_id: UUID
) -> None:
    """A STOP may come so."""
    await inbox.gets(carrier, "", part=(b"STOP", "text/plain"), layout=(SMIL, None))
    [event] = await said(inbox.database, WordsFound)
    assert (event.church_id, event.to, event.text, event.received_at) == (
        *(church_id, OURS, "STOP"),
        at(0),
    )
    assert PHONES.open(event.sealed_sender) == THEIRS


@pytest.mark.parametrize(
    ("together", "new"), [(1, ["none", "stop"]), (2, ["none", "stop"]), (5, ["stop"])]
)
async def test_what_words_mean_takes_the_place_of_nothing_and_of_nothing_else(
    database: db.Database, church_id: UUID, together: int, new: list[str]
) -> None:
    inbound = text("")
    told = [
        understood(church_id, inbound, meaning)
        for meaning in ("none", "none", "stop", "none", "help")
    ]
    recorded = []
    for begin in range(0, len(told), together):
        async with database.transaction(church_id) as session:
            recorded += await understood_texts.record(session, told[begin : begin + together])
    assert [each.event.meaning for each in recorded] == new


async def test_a_long_text_begins_in_the_line_and_is_kept_as_a_file(
    inbox: Inbox, carrier: Store
) -> None:
    long = b"word " * 4_000
    line = await inbox.gets(carrier, "", letter=(long, "text/plain"))
    [file] = line["media"]
    assert (len(line["content"]), line["content"][-1], file["name"]) == (
        10_002,
        "…",
        "attachment.txt",
    )
    assert line["row"]["media"] == {"kind": "file", "count": 1}
    answer = await shown(inbox.api, file["url"])
    assert answer.content == long
    assert answer.headers["content-disposition"].startswith("attachment")


async def test_recordings_contacts_and_documents_are_kept_and_shown_safely(
    inbox: Inbox, carrier: Store
) -> None:
    """Whatever they are called."""
    parts = {
        "note.amr": (AMR, "audio/amr"),
        "card": (CARD, "text/x-vcard"),
        "plan.pdf": (PDF, "image/png"),
    }
    line = await inbox.gets(carrier, "", **parts)
    assert [(file["status"], file["contentType"], file["name"]) for file in line["media"]] == [
        ("stored", "audio/amr", "note.amr"),
        ("stored", "text/vcard", "attachment.vcf"),
        ("stored", "application/pdf", "plan.pdf"),
    ]
    assert line["row"]["media"] == {"kind": "file", "count": 3}
    answers = [await shown(inbox.api, file["url"]) for file in line["media"]]
    ways = [answer.headers["content-disposition"].partition(";")[0] for answer in answers]
    assert ways == ["inline", "attachment", "inline"]
    assert {answer.headers["x-content-type-options"] for answer in answers} == {"nosniff"}
    assert "sandbox" in answers[1].headers["content-security-policy"]


async def test_a_photograph_of_an_iphone_is_shown_as_a_jpeg(inbox: Inbox, carrier: Store) -> None:
    line = await inbox.gets(carrier, "", **{"IMG_1.HEIC": (HEIC, "image/heic")})
    [file] = line["media"]
    assert (file["contentType"], file["name"], file["width"], file["height"]) == (
        *("image/jpeg", "IMG_1.jpg"),
        *(48, 64),
    )
    assert (await shown(inbox.api, file["url"])).content[:3] == b"\xff\xd8\xff"
    assert line["row"]["media"] == {"kind": "image", "count": 1}


async def test_what_cannot_be_shown_keeps_its_name_and_says_so(
    inbox: Inbox, carrier: Store
) -> None:
    parts = {"tune.mid": (b"MThd\0\0\0\6", None), "x": (PAGE, "text/plain")}
    line = await inbox.gets(carrier, "", **parts)
    assert [(file["status"], file["name"], file["url"]) for file in line["media"]] == [
        ("refused", "tune.mid", None),
        ("refused", "attachment.txt", None),
    ]
    assert all("cannot be shown" in file["failure"] for file in line["media"])
    assert line["row"]["media"] == {"kind": "file", "count": 2}


async def test_staff_upload_a_photograph_of_an_iphone_but_no_document(
    api: httpx.AsyncClient,
) -> None:
    photograph = (await upload(api, HEIC, "IMG_1.HEIC")).json()
    assert (photograph["contentType"], photograph["name"]) == ("image/jpeg", "IMG_1.jpg")
    refused = await upload(api, b"\xff\xf1\x50\x80" + bytes(64), "song.aac")
    assert refused.status_code == 422
    assert "only JPEG" in json.dumps(refused.json())
