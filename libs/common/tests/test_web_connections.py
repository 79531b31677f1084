"""What a client that nobody knows may use of the server: bytes, fields, time, connections."""

import asyncio
import contextlib
import os
import socket
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter, Request

from koinonia.common import web
from koinonia.common.testing.eventually import eventually
from koinonia.common.web.connections import ConnectionLimits

router = APIRouter()
SHORT = ConnectionLimits(head_seconds=0.3, body_seconds=0.3, per_address=60)


@router.post("/length")
async def length(request: Request) -> int:
    return len(await request.body())


@router.post("/names")
async def names(request: Request) -> list[str]:
    """Of the headers, asked for when the whole request was read."""
    await request.body()
    return [name.decode() for name, _ in request.scope["headers"]]


@contextlib.asynccontextmanager
async def serving(limits: ConnectionLimits = SHORT) -> AsyncIterator[tuple[str, int]]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    stop = asyncio.Event()
    app = web.create_app("limited", routers=[router], knows_callers=False)
    server = asyncio.create_task(web.serve(app, "127.0.0.1", port, stop, limits=limits))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        await eventually(lambda: _answers(client))
    try:
        yield "127.0.0.1", port
    finally:
        stop.set()
        await asyncio.wait_for(server, 5)


async def _answers(client: httpx.AsyncClient) -> bool:
    with contextlib.suppress(httpx.ConnectError):
        return (await client.get("/health")).is_success
    return False


async def said(place: tuple[str, int], *pieces: bytes) -> bytes:
    """All that the server answers to these bytes, until it closes."""
    reader, writer = await asyncio.open_connection(*place)
    try:
        for piece in pieces:
            with contextlib.suppress(ConnectionError):
                writer.write(piece)
                await writer.drain()
        async with asyncio.timeout(5):
            with contextlib.suppress(ConnectionError):
                return await reader.read()
        return b""
    finally:
        writer.close()


def resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


GET = b"GET /health HTTP/1.1\r\nHost: a\r\n"
CHUNKED = (
    b"POST /length HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
)


@pytest.mark.parametrize(
    "pieces",
    [
        (GET, b"X-A: ", b"a" * 200_000),
        (GET + b"X-A: " + b"a" * 200_000 + b"\r\n\r\n",),
        (GET + b"".join(b"X-%d: a\r\n" % n for n in range(2_000)) + b"\r\n",),
        (b"GET /" + b"a" * 200_000,),
        (b"a" * 200_000,),
        (GET + b"Connection: keep-alive\r\n\r\n" + GET + b"X-A: ", b"a" * 200_000),
    ],
    ids=["unfinished field", "long field", "many fields", "long path", "no line", "second request"],
)
async def test_a_head_that_is_too_long_is_refused(pieces: tuple[bytes, ...]) -> None:
    async with serving() as place:
        answer = await said(place, *pieces)
    assert b"HTTP/1.1 431" in answer or b"HTTP/1.1 400" in answer
    assert b"connection: close" in answer


@pytest.mark.parametrize(
    "pieces",
    [
        (b"0\r\nX-A: ", b"a" * 200_000),
        (b"3\r\nabc\r\n0\r\n", *[b"X-A: %s\r\n" % (b"a" * 1_000)] * 200),
        (b"3;", b"a" * 200_000),
    ],
    ids=["unfinished trailer", "many trailers", "extension of a chunk"],
)
async def test_what_comes_beside_a_body_has_the_limits_of_a_head(pieces: tuple[bytes, ...]) -> None:
    async with serving() as place:
        answer = await said(place, CHUNKED, *pieces)
    assert answer.startswith(b"HTTP/1.1 431")


async def test_a_body_in_chunks_of_one_letter_is_taken_if_they_are_few() -> None:
    async with serving() as place:
        taken = await said(place, CHUNKED + b"1\r\na\r\n" * 900 + b"0\r\n\r\n")
        refused = await said(place, CHUNKED + b"1\r\na\r\n" * 100_000 + b"0\r\n\r\n")
    assert taken.endswith(b"\r\n\r\n900")
    assert refused.startswith(b"HTTP/1.1 400")


async def test_a_body_in_many_chunks_of_a_usual_size_is_taken() -> None:
    async with serving() as place:
        body = (b"64\r\n" + b"a" * 100 + b"\r\n") * 2_000
        answer = await said(place, CHUNKED + body + b"0\r\n\r\n")
    assert answer.endswith(b"\r\n\r\n200000")


async def test_what_follows_an_early_answer_is_read_slowly_and_not_for_ever() -> None:
    limits = ConnectionLimits(unread_bytes=300_000)
    post = b"POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\n"
    async with serving(limits) as place:
        reader, writer = await asyncio.open_connection(*place)
        writer.write(post)
        assert b"413" in await reader.readline()
        with pytest.raises(ConnectionError):
            await asyncio.wait_for(_written(writer, b"a" * 50_000_000), 10)
        writer.close()


async def _written(writer: asyncio.StreamWriter, body: bytes) -> None:
    writer.write(body)
    await writer.drain()


async def test_after_an_early_answer_a_whole_body_leaves_the_connection_open() -> None:
    post = b"POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 400000\r\n\r\n" + b"a" * 400_000
    last = GET + b"Connection: close\r\n\r\n"
    async with serving(ConnectionLimits()) as place:
        answer = await said(place, post, last)
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"HTTP/1.1 200" in answer


async def test_a_trailer_is_no_header() -> None:
    trailer = b"3\r\nabc\r\n0\r\nX-Name: Ann\r\n\r\n"
    async with serving() as place:
        answer = await said(place, CHUNKED.replace(b"/length", b"/names"), trailer)
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b'["host","connection","transfer-encoding"]')


async def test_a_head_just_within_the_limits_is_answered() -> None:
    fields = b"".join(b"X-%d: %s\r\n" % (n, b"a" * 300) for n in range(98))
    async with serving() as place:
        answer = await said(place, GET + fields + b"Connection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "pieces",
    [
        (GET,),
        (b"G",),
        (b"POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n", b"abc"),
        (
            b"POST /length HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"3\r\nabc\r\n",
        ),
    ],
    ids=["head", "one letter", "body", "chunks"],
)
async def test_what_does_not_arrive_in_time_is_refused(pieces: tuple[bytes, ...]) -> None:
    async with serving() as place:
        answer = await said(place, *pieces)
    assert answer.startswith(b"HTTP/1.1 408")


async def test_half_a_head_behind_a_whole_request_has_its_time_too() -> None:
    async with serving() as place:
        answer = await said(place, GET + b"\r\n" + GET)
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"HTTP/1.1 408" in answer


async def test_some_requests_may_follow_before_the_first_is_answered() -> None:
    last = GET + b"Connection: close\r\n\r\n"
    async with serving() as place:
        answer = await said(place, (GET + b"\r\n") * 20 + last)
    assert answer.count(b"HTTP/1.1 200") == 21


async def test_a_flood_of_requests_in_one_piece_is_cut() -> None:
    async with serving() as place:
        answer = await said(place, (GET + b"\r\n") * 5_000)
    assert answer.count(b"HTTP/1.1 200") < 40


async def test_who_says_nothing_is_let_go() -> None:
    async with serving() as place:
        assert await said(place) == b""


async def test_a_body_that_comes_slowly_and_steadily_is_taken() -> None:
    limits = ConnectionLimits(body_seconds=0.2, body_bytes=1_000)
    async with serving(limits) as place:
        reader, writer = await asyncio.open_connection(*place)
        writer.write(b"POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 20000\r\n\r\n")
        for _ in range(20):
            writer.write(b"a" * 1_000)
            await asyncio.sleep(0.05)  # the pace of a client is what this is about
        status = await asyncio.wait_for(reader.readline(), 5)
        writer.close()
    assert status == b"HTTP/1.1 200 OK\r\n"


async def test_an_address_has_so_many_connections_and_no_more() -> None:
    async with serving(ConnectionLimits(per_address=3)) as place:
        held = [await asyncio.open_connection(*place) for _ in range(3)]
        assert (await said(place)).startswith(b"HTTP/1.1 429")
        held[0][1].close()
        await held[0][1].wait_closed()

        async def is_let_in() -> bool:
            answer = await said(place, GET + b"Connection: close\r\n\r\n")
            return answer.startswith(b"HTTP/1.1 200")

        await eventually(is_let_in)
        for _, writer in held:
            writer.close()


@pytest.mark.alone("half a second is short where somebody else is at work")
async def test_while_fifty_connections_do_their_worst_others_are_answered() -> None:
    """Memory stays where it was, and a request is answered within a tenth of a second."""
    memory = resident_bytes()
    worst = [(GET, b"X-A: ", b"a" * 2_000_000), (GET,), (b"a" * 500_000,)]
    waits: list[float] = []
    async with serving() as place, asyncio.TaskGroup() as attack:
        ended = asyncio.Event()

        async def hammer(number: int) -> None:
            while not ended.is_set():
                await said(place, *worst[number % len(worst)])

        for number in range(50):
            attack.create_task(hammer(number))
        async with httpx.AsyncClient(base_url="http://{}:{}".format(*place)) as client:
            for _ in range(100):
                began = time.perf_counter()
                assert (await client.get("/health")).is_success
                waits.append(time.perf_counter() - began)
        ended.set()
    assert resident_bytes() - memory < 60 * 1024 * 1024
    assert sorted(waits)[94] < 0.5
