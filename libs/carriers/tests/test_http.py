"""Calls that fail: what may have happened to them decides whether a text is sent again."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientTimeout

from koinonia.carriers.failures import CarrierFailure, Failure
from koinonia.carriers.http import Answer, Client

QUICK = ClientTimeout(total=0.6, connect=0.2, sock_read=0.3)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def behind(talk: Talk) -> AsyncIterator[str]:
    """The address of a server that does as ``talk`` does."""

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()

    async with await asyncio.start_server(hear, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def asked(reader: asyncio.StreamReader) -> bytes:
    return await reader.readuntil(b"\r\n\r\n")


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while await asked(reader):
        writer.write(OK)


async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asked(reader)
    await reader.read()  # until the client gives up


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asked(reader)


async def break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asked(reader)
    writer.write(OK[:-1])


async def talk_nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asked(reader)
    writer.write(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")


async def dribble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asked(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while not reader.at_eof():
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.1)  # quicker than the read timeout: only the total one ends it


async def failure_of(call: Awaitable[object]) -> CarrierFailure:
    with pytest.raises(CarrierFailure) as caught:
        await call
    return caught.value


@pytest.mark.parametrize("talk", [say_nothing, hang_up, break_off, talk_nonsense, dribble])
async def test_what_was_written_may_have_been_carried_out(talk: Talk) -> None:
    async with behind(talk) as url, Client.open({}, timeout=QUICK) as client:
        failure = await failure_of(client.call("POST", url, body=b"{}"))
    assert (failure.failure, failure.ambiguous) == (Failure.NO_ANSWER, True)


async def test_a_carrier_that_is_not_there_was_not_asked() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    async with Client.open({}) as client:
        failure = await failure_of(client.call("POST", f"http://127.0.0.1:{port}", body=b"{}"))
    assert (failure.failure, failure.ambiguous) == (Failure.NOT_CONNECTED, False)


async def test_a_carrier_without_tls_was_not_asked() -> None:
    async with behind(talk_nonsense) as url, Client.open({}, timeout=QUICK) as client:
        failure = await failure_of(client.call("POST", url.replace("http:", "https:"), body=b"{}"))
    assert (failure.failure, failure.ambiguous) == (Failure.NOT_CONNECTED, False)


async def test_a_call_that_found_no_line_was_not_made() -> None:
    timeout = ClientTimeout(total=5, connect=0.1, sock_read=5)
    async with behind(say_nothing) as url, Client.open({}, lines=1, timeout=timeout) as client:
        busy = asyncio.create_task(client.call("POST", url, body=b"{}"))
        await asyncio.sleep(0)
        failure = await failure_of(client.call("POST", url, body=b"{}"))
        busy.cancel()
    assert (failure.failure, failure.ambiguous) == (Failure.NOT_CONNECTED, False)


async def test_a_post_is_never_repeated_by_itself() -> None:
    heard: list[bytes] = []

    async def answer_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await asked(reader))
        writer.write(OK)
        heard.append(await asked(reader))  # and no answer over the kept connection

    async with behind(answer_once) as url, Client.open({}, timeout=QUICK) as client:
        await client.call("POST", url)
        failure = await failure_of(client.call("POST", url))
    assert (len(heard), failure.ambiguous) == (2, True)


async def test_bytes_and_address_arrive_as_they_were_given() -> None:
    heard: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await asked(reader))
        heard.append(await reader.readexactly(7))
        writer.write(OK)

    async with behind(listen) as url, Client.open({"Authorization": "Bearer K"}) as client:
        await client.call("POST", f"{url}/a%2Fb/..%2Fc", params={"f[x]": "a b"}, body=b'{"a": "')
    assert heard[0].startswith(b"POST /a%2Fb/..%2Fc?f%5Bx%5D=a+b HTTP/1.1\r\n")
    assert b"\r\nAuthorization: Bearer K\r\n" in heard[0]
    assert heard[1] == b'{"a": "'


@pytest.mark.parametrize(
    ("status", "is_success", "is_ambiguous"),
    [
        (200, True, True),
        (302, False, True),
        (400, False, False),
        (408, False, True),
        (409, False, True),
        (422, False, False),
        (429, False, False),
        (502, False, True),
    ],
)
def test_a_status_tells_what_may_have_happened(
    status: int, is_success: bool, is_ambiguous: bool
) -> None:
    found = Answer(status, {}, None)
    assert (found.is_success, found.is_ambiguous) == (is_success, is_ambiguous)


async def test_a_redirect_is_not_followed() -> None:
    async def send_away(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asked(reader)
        writer.write(b"HTTP/1.1 307 Go\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")

    async with behind(send_away) as url, Client.open({}) as client:
        assert (await client.call("POST", url, body=b"{}")).status == 307


async def test_connections_are_kept() -> None:
    met = 0

    async def count(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal met
        met += 1
        await answer(reader, writer)

    async with behind(count) as url, Client.open({}) as client:
        for _ in range(3):
            assert (await client.call("POST", url)).body == {}
    assert met == 1
