from collections.abc import Awaitable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from koinonia.media.fetcher import Fetcher, Limits, NotFetched, Outcome

from .outsiders import Answer, drip, server, with_content, with_status


async def fetch(url: str, allowed: str = "", **limits: Any) -> bytes:
    async with Fetcher(allowed=[allowed], limits=Limits(**limits)) as fetcher:
        return await fetcher.fetch(url)


async def fetched(answer: Answer, **limits: Any) -> bytes:
    """From a server that answers so, and that may be reached."""
    async with server(answer) as port:
        return await fetch(f"http://127.0.0.1:{port}/1", f"127.0.0.1:{port}", **limits)


async def outcome(attempt: Awaitable[bytes]) -> Outcome:
    with pytest.raises(NotFetched) as failed:
        await attempt
    assert str(failed.value).endswith(".")
    assert "://" not in str(failed.value)
    return failed.value.outcome


async def test_a_file_comes_as_it_is() -> None:
    assert await fetched(with_content(b"\xff\xd8\xff picture")) == b"\xff\xd8\xff picture"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]"])
async def test_this_machine_is_not_reached_however_it_is_written(host: str) -> None:
    async with server(with_content(b"secret")) as port:
        assert await outcome(fetch(f"http://{host}:{port}/")) is Outcome.REFUSED


@pytest.mark.parametrize("location", ["http://127.0.0.1:{port}/", "//localhost:{port}/x"])
async def test_a_redirect_leads_to_no_private_address(location: str) -> None:
    async with AsyncExitStack() as stack:
        inside = await stack.enter_async_context(server(with_content(b"secret")))
        sends_on = with_status(302, Location=location.format(port=inside))
        port = await stack.enter_async_context(server(sends_on))
        attempt = fetch(f"http://127.0.0.1:{port}/", f"127.0.0.1:{port}")
        assert await outcome(attempt) is Outcome.REFUSED


@pytest.mark.parametrize("hops", [3, 4])
async def test_three_redirects_are_followed_and_no_more(hops: int) -> None:
    async def answer(path: str, writer: Any) -> None:
        step = int(path[1:])
        last = with_content(b"here")
        await (last if step == hops else with_status(302, Location=str(step + 1)))(path, writer)

    async with server(answer) as port:
        attempt = fetch(f"http://127.0.0.1:{port}/0", f"127.0.0.1:{port}")
        if hops == 3:
            assert await attempt == b"here"
        else:
            assert await outcome(attempt) is Outcome.REFUSED


@pytest.mark.parametrize(
    "url",
    [
        *("file:///etc/passwd", "ftp://a.example/1", "gopher://a.example/", "data:,x", "//a/b"),
        *("http://", "https:///1.jpg", "http://[::1", "http://user:password@a.example/", "", "x"),
    ],
)
async def test_an_address_of_another_kind_is_refused(url: str) -> None:
    assert await outcome(fetch(url)) is Outcome.REFUSED


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        *((403, Outcome.GONE), (404, Outcome.GONE), (410, Outcome.GONE)),
        *((408, Outcome.AGAIN), (429, Outcome.AGAIN), (500, Outcome.AGAIN), (503, Outcome.AGAIN)),
        *((401, Outcome.REFUSED), (400, Outcome.REFUSED), (206, Outcome.REFUSED)),
        *((302, Outcome.REFUSED),),
    ],
)
async def test_a_status_means_one_of_three_things(status: int, expected: Outcome) -> None:
    assert await outcome(fetched(with_status(status))) is expected


async def test_a_server_that_drips_is_left_in_time() -> None:
    assert await outcome(fetched(drip, total=0.2)) is Outcome.AGAIN


@pytest.mark.parametrize("claimed", [{}, {"Content_Length": 300_000}])
async def test_a_file_larger_than_the_limit_is_left(claimed: dict[str, int]) -> None:
    attempt = fetched(with_content(b"x" * 300_000, **claimed), size=100_000)
    assert await outcome(attempt) is Outcome.REFUSED


async def test_a_file_shorter_than_it_claims_is_fetched_again() -> None:
    assert await outcome(fetched(with_content(b"x", Content_Length=9))) is Outcome.AGAIN


async def test_a_length_that_lies_low_ends_the_file_there() -> None:
    """HTTP frames by it, so no more is read; what is left is no whole picture."""
    assert await fetched(with_content(b"x" * 300_000, Content_Length=3), size=100) == b"xxx"


async def test_a_server_that_is_away_is_asked_again_later() -> None:
    async with server(with_status(200)) as port:
        pass
    attempt = fetch(f"http://127.0.0.1:{port}/", f"127.0.0.1:{port}")
    assert await outcome(attempt) is Outcome.AGAIN
