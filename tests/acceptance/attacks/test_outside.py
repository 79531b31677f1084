"""A17: what is inside is not reached from outside, and other sites do not act for a visitor."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from tests.integration import churches
from tests.integration.network import Network

from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.phones import phone
from koinonia.devkit.system import System

from .conftest import Founded, Visit

SPELLINGS = (
    *("127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::1]", "0.0.0.0"),
    *("[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[::]", "LOCALHOST", "0"),
)
NOWHERE = (
    "http://[fec0::1]/",
    "http://[3fff::1]/",
    "http://192.88.99.1/",
    "http://169.254.169.254/",
)


class Inside:
    """A server that nobody may be sent to; counts who came."""

    def __init__(self) -> None:
        self.visits = 0
        self.port = 0

    async def serve(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.visits += 1
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret")
        writer.close()


@pytest_asyncio.fixture(loop_scope="session")
async def inside() -> AsyncIterator[Inside]:
    here = Inside()
    server = await asyncio.start_server(here.serve, "127.0.0.1", 0)
    here.port = server.sockets[0].getsockname()[1]
    async with server:
        yield here


async def test_a_picture_that_somebody_texts_leads_nowhere_inside(
    found: Founded, phones: Network, inside: Inside
) -> None:
    church, person = await found(number=True), phone(9200)
    links = [f"http://{host}:{inside.port}/1.jpg" for host in SPELLINGS]
    for number, some in enumerate((links[:7], links[7:], NOWHERE)):
        await phones.text(person, church.number, f"Look {number}", *some)

    thread = await church.conversation_with(person)

    async def settled() -> Any:
        lines = (await church.get(f"/api/conversations/{thread['id']}"))["messages"]
        statuses = [file["status"] for line in lines for file in line["media"]]
        await asyncio.sleep(0.2)  # the church may ask ten times a second
        assert "pending" not in statuses
        return statuses if len(statuses) == len(SPELLINGS) + len(NOWHERE) else None

    assert set(await eventually(settled, 20)) == {"refused"}
    assert inside.visits == 0


@pytest.mark.parametrize(
    "origin",
    [
        *("https://evil.example.com", "http://localhost", "null", "http://{host}.evil.example.com"),
        *("http://evil.example.com/{host}", "file://{host}", "ftp://{host}", "http://{host}@evil"),
    ],
)
async def test_no_other_site_signs_a_visitor_in(system: System, visit: Visit, origin: str) -> None:
    host = urlsplit(system.gateway_url).netloc
    body = churches.registration("Lured", "lured@example.org")
    headers = {"Origin": origin.format(host=host)}
    answer = await visit().post("/api/auth/register", json=body, headers=headers)
    assert answer.status_code == 403
