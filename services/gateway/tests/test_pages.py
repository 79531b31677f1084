"""The pages of the built ``web/``, and everything else that they must leave alone."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from koinonia.common.cache import Cache
from koinonia.common.testing.eventually import eventually

from .conftest import Gateway, Peers
from .factories import bearer

INDEX = b"<!doctype html><script type=module src=/assets/main-BhxV9a2Q.js></script>" * 10
SCRIPT = b"export const words = ['peace', 'be', 'with', 'you'];" * 20
BROTLI = b"what Node made of it"
PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
NAME = "/assets/main-BhxV9a2Q.js"


def built(folder: Path, script: str = NAME) -> Path:
    """A small build, as Vite leaves one."""
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_bytes(INDEX)
    (folder / "icon.png").write_bytes(b"\x89PNG" + bytes(400))
    (folder / "manifest.webmanifest").write_text('{"name": "Koinonia"}')
    (folder / ".built").touch()
    (folder / ".vite").mkdir()
    (folder / ".vite" / "manifest.json").write_text("{}")
    (folder / script[1:]).write_bytes(SCRIPT)
    (folder / f"{script[1:]}.br").write_bytes(BROTLI)
    return folder


@pytest_asyncio.fixture
async def browser(gateway: Gateway, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    (tmp_path / "secret.txt").write_text("outside")
    async with gateway(pages_folder=built(tmp_path / "dist")) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/inbox/7?status=open", "/people/import", "/assets-of-god"])
async def test_an_address_of_the_application_is_its_page(
    browser: httpx.AsyncClient, path: str
) -> None:
    answer = await browser.get(path, headers=PAGE)
    assert (answer.status_code, answer.content) == (200, INDEX)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/api/nothing", "/health/nothing", "/.well-known/x", "/metrics"])
async def test_what_is_for_programs_never_is_the_page(
    browser: httpx.AsyncClient, path: str
) -> None:
    answer = await browser.get(path, headers=PAGE | bearer())
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/json"


async def test_the_interface_is_answered_as_before(
    browser: httpx.AsyncClient, peers: Peers
) -> None:
    assert (await browser.get("/health", headers=PAGE)).json()["service"] == "gateway"
    assert (await browser.get("/api/messages", headers=PAGE | bearer())).status_code == 200
    assert [seen.path for seen in peers["messaging"].seen][-1] == "/api/messages"


async def test_who_asks_for_no_page_is_given_none(browser: httpx.AsyncClient) -> None:
    picture = await browser.get("/choir.png", headers={"Accept": "image/webp,*/*"})
    posted = await browser.post("/inbox", headers=PAGE)
    assert (picture.status_code, posted.status_code) == (404, 404)


async def test_a_file_with_its_hash_in_its_name_is_kept_for_good(
    browser: httpx.AsyncClient,
) -> None:
    answer = await browser.get(NAME)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    icon = await browser.get("/icon.png", headers={"Accept": "image/*"})
    assert icon.headers["cache-control"] == "no-cache"


async def test_a_missing_file_is_missed_and_not_the_page(browser: httpx.AsyncClient) -> None:
    for name in ("/assets/main-AAAAAAAA.js", "/assets/", "/assets/index.html"):
        answer = await browser.get(name, headers=PAGE)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "NOT_FOUND"), name


@pytest.mark.parametrize(
    ("accepted", "encoding", "body"),
    [
        ("gzip, deflate, br, zstd", "br", BROTLI),
        ("br;q=0, gzip;q=0.5", "gzip", None),
        ("identity", None, SCRIPT),
        ("gzip;q=0", None, SCRIPT),
        ("", None, SCRIPT),
    ],
)
async def test_a_file_is_sent_in_the_smallest_form_that_is_taken(
    browser: httpx.AsyncClient, accepted: str, encoding: str | None, body: bytes | None
) -> None:
    async with browser.stream("GET", NAME, headers={"Accept-Encoding": accepted}) as answer:
        sent = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers.get("content-encoding") == encoding
    assert "Accept-Encoding" in answer.headers["vary"]
    assert answer.headers["content-length"] == str(len(sent))
    assert (sent if body else gzip.decompress(sent)) == (body or SCRIPT)


async def test_what_is_packed_already_is_not_packed_again(browser: httpx.AsyncClient) -> None:
    icon = await browser.get("/icon.png", headers={"Accept-Encoding": "gzip, br"})
    assert "content-encoding" not in icon.headers


async def test_a_browser_that_has_the_page_is_not_sent_it_again(browser: httpx.AsyncClient) -> None:
    first = await browser.get("/inbox", headers=PAGE)
    again = await browser.get("/", headers=PAGE | {"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["content-security-policy"] == first.headers["content-security-policy"]
    other = await browser.get("/", headers=PAGE | {"If-None-Match": '"another"'})
    assert other.status_code == 200


async def test_head_is_answered_as_get_without_the_body(browser: httpx.AsyncClient) -> None:
    answer = await browser.head("/inbox", headers=PAGE | {"Accept-Encoding": "identity"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(INDEX))


@pytest.mark.parametrize(
    "path",
    ["/../secret.txt", "/%2e%2e/secret.txt", "/assets/%2e%2e%2f..%2fsecret.txt", "//etc/passwd"],
)
async def test_no_path_leads_out_of_the_build(browser: httpx.AsyncClient, path: str) -> None:
    url = httpx.URL(str(browser.base_url)).copy_with(raw_path=path.encode())
    answer = await browser.get(url, headers={"Accept": "*/*"})
    assert answer.status_code == 404


@pytest.mark.parametrize("path", ["/.built", "/.vite/manifest.json", f"{NAME}.br"])
async def test_what_the_build_keeps_for_itself_is_not_served(
    browser: httpx.AsyncClient, path: str
) -> None:
    assert (await browser.get(path)).status_code == 404


async def test_a_page_may_load_and_be_shown_by_ourselves_alone(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/", headers=PAGE)
    policy = answer.headers.get_list("content-security-policy")
    assert len(policy) == 1
    assert "unsafe" not in policy[0]
    assert "default-src 'none'; script-src 'self';" in policy[0]
    assert "frame-ancestors 'none'" in policy[0]
    assert "require-trusted-types-for 'script'" in policy[0]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"


@pytest.mark.parametrize("folder", [None, "", "nowhere"])
async def test_without_a_build_the_interface_works_and_the_page_says_what_to_do(
    gateway: Gateway, folder: str | None
) -> None:
    async with gateway(pages_folder=folder) as client:
        page = await client.get("/inbox", headers=PAGE)
        passed = await client.get("/api/messages", headers=bearer())
    assert passed.status_code == 200
    assert (page.status_code, page.json()["error"]["code"]) == (404, "NO_PAGES")
    assert "make pages" in page.json()["error"]["message"]


OLD = "/assets/inbox-0LDbu1ld.js"


async def test_a_tab_of_the_last_build_still_finds_its_files(
    gateway: Gateway, tmp_path: Path
) -> None:
    async with (
        gateway(pages_folder=built(tmp_path / "old", OLD)),
        gateway(pages_folder=built(tmp_path / "new")) as client,
    ):

        async def is_there() -> bool:
            return (await client.get(OLD)).content == SCRIPT

        await eventually(is_there, within=5)
        answer = await client.get(OLD, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"


async def test_what_another_wrote_into_redis_is_never_sent(
    browser: httpx.AsyncClient, redis_url: str
) -> None:
    cache = Cache(redis_url, "gateway")
    await cache.put(f"page:{OLD}", bytes(32) + SCRIPT, seconds=60)
    answer = await browser.get(OLD)
    await cache.close()
    assert answer.status_code == 404
