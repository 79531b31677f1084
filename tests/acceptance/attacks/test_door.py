"""A1: a client that nobody knows sends heads and bodies without an end."""

import asyncio
from collections.abc import Callable, Iterator

import pytest
from tests.integration.churches import Church

from koinonia.devkit.layout import SERVICES
from koinonia.devkit.system import System

from .bystanders import LONGEST_SECONDS, working
from .conftest import Founded
from .wires import GET, MB, POST, resident_bytes, said, say

CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
SPARE = 32 * MB


def endless(head: bytes, megabytes: int = 150) -> Iterator[bytes]:
    yield head
    for _ in range(megabytes):
        yield b"a" * MB


HEADS = {
    "a header without an end": lambda: endless(GET + b"X-A: "),
    "a name of a header without an end": lambda: endless(GET + b"X-"),
    "a path without an end": lambda: endless(b"GET /"),
    "a method without an end": lambda: endless(b"GETGET"),
    "one large header": lambda: iter([GET + b"X-A: " + b"a" * 200_000 + b"\r\n\r\n"]),
    "many headers": lambda: iter(
        [GET + b"".join(b"X-%d: a\r\n" % n for n in range(2000)) + b"\r\n"]
    ),
    "a second head without an end": lambda: endless(GET + b"\r\n" + GET + b"X-A: "),
}
BODIES = {
    "a trailer without an end": lambda: endless(CHUNKED + b"0\r\nX-A: "),
    "an extension of a chunk without an end": lambda: endless(CHUNKED + b"5;"),
    "a chunk without an end": lambda: endless(CHUNKED + b"fffffffff\r\n"),
    "a body as large as it says": lambda: endless(POST + b"Content-Length: 157286400\r\n\r\n"),
    "many trailers": lambda: iter(
        [CHUNKED + b"0\r\n", *[b"X-A: %s\r\n" % (b"a" * 1000) * 1000] * 100]
    ),
}
HIDDEN = b"GET /health HTTP/1.1\r\nHost: koinonia\r\n\r\n"
TWO_MEANINGS = {
    "length and chunks": POST
    + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    + HIDDEN,
    "two lengths": POST + b"Content-Length: 0\r\nContent-Length: 40\r\n\r\n" + HIDDEN,
    "a length with a sign": POST + b"Content-Length: +0\r\n\r\n" + HIDDEN,
    "a list of lengths": POST + b"Content-Length: 0, 40\r\n\r\n" + HIDDEN,
    "chunks that are none": POST + b"Transfer-Encoding: xchunked\r\n\r\n" + HIDDEN,
    "chunks and then not": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + HIDDEN,
    "a space before the colon": POST + b"Content-Length : 40\r\n\r\n" + HIDDEN,
    "a folded line": POST + b"X-A: a\r\n Content-Length: 40\r\n\r\n" + HIDDEN,
    "lines without return": b"GET /health HTTP/1.1\nHost: koinonia\n\n" + HIDDEN,
    "a size that is none": CHUNKED + b"0x0\r\n\r\n" + HIDDEN,
    "a negative size": CHUNKED + b"-1\r\n\r\n" + HIDDEN,
    "a zero in a header": POST + b"X-A: a\0b\r\n\r\n" + HIDDEN,
}
REFUSED = {0, 400, 401, 404, 405, 413, 431}


@pytest.mark.alone("memory and waits are measured")
@pytest.mark.parametrize("head", HEADS)
async def test_no_head_fills_the_gateway_or_keeps_others_waiting(
    system: System, found: Founded, head: str
) -> None:
    answers = await _watched(system, await found(), HEADS[head], clients=10)
    assert answers <= {0, 400, 431, 200 if "second" in head else 431}


@pytest.mark.alone("memory and waits are measured")
@pytest.mark.parametrize("what", ["a header without an end", "a body as large as it says"])
async def test_nobody_fills_the_ingress_where_carriers_call_it(
    system: System, found: Founded, what: str
) -> None:
    pieces = (HEADS | BODIES)[what]
    answers = await _watched(system, await found(), pieces, clients=10, door="ingress")
    assert answers <= REFUSED


@pytest.mark.alone("memory and waits are measured")
@pytest.mark.parametrize("body", BODIES)
async def test_no_body_fills_the_gateway_or_keeps_others_waiting(
    system: System, found: Founded, body: str
) -> None:
    answers = await _watched(system, await found(), BODIES[body], clients=4)
    assert answers <= REFUSED


@pytest.mark.parametrize("service", SERVICES)
async def test_every_service_has_the_same_door(system: System, service: str) -> None:
    part = system.running(service)
    assert part
    before = resident_bytes(part.pid)
    assert await say(part.url, endless(GET + b"X-A: ")) in (0, 431)
    assert await say(part.url, endless(CHUNKED + b"0\r\nX-A: ")) in REFUSED
    assert resident_bytes(part.pid) - before < SPARE


@pytest.mark.parametrize("request_", TWO_MEANINGS)
async def test_what_can_be_read_in_two_ways_is_not_read(system: System, request_: str) -> None:
    """A server before the gateway or behind it, or before the ingress, might read the other one."""
    for url in (system.gateway_url, system.environment.url("ingress")):
        answers = await said(url, TWO_MEANINGS[request_])
        assert answers.count(b"HTTP/1.1 ") == 1
        assert b"HTTP/1.1 400 " in answers


async def _watched(
    system: System,
    church: Church,
    pieces: Callable[[], Iterator[bytes]],
    clients: int,
    door: str = "gateway",
) -> set[int]:
    """Several clients send at once; the statuses they get. The memory of the process that they call
    stays flat, and a church is answered meanwhile."""
    called = system.running(door)
    assert called
    before = resident_bytes(called.pid)
    async with working(church) as waits:
        answers = await asyncio.gather(*(say(called.url, pieces()) for _ in range(clients)))
    assert resident_bytes(called.pid) - before < SPARE
    assert waits.longest < LONGEST_SECONDS
    return set(answers)
