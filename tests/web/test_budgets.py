"""What a page weighs before one can work with it, from the manifest of the build. gzip, as the
worst that a browser is sent; Brotli is a sixth less."""

import gzip
import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from koinonia.devkit.layout import PAGES

KB = 1024
INBOX = "src/inbox/Page.tsx"
INBOX_SCRIPTS = 220 * KB
SHEETS = 15 * KB
FURTHER_PAGE = 40 * KB
ROOMIER = {"src/send/Page.tsx": 120 * KB, "src/dashboard/Page.tsx": 35 * KB}

Manifest = Mapping[str, Mapping[str, Any]]  # Any: JSON of Vite


@cache
def manifest() -> Manifest:
    path = PAGES / ".vite" / "manifest.json"
    assert path.exists(), "There is no build to weigh. Run: make pages"
    loaded: Manifest = json.loads(path.read_text())
    return loaded


def test_the_inbox_is_usable_after_few_bytes() -> None:
    entry = next(key for key, each in manifest().items() if each.get("isEntry"))
    assert weight(files(entry, INBOX), "js") <= INBOX_SCRIPTS


def test_the_sheets_of_all_pages_are_small() -> None:
    assert weight(files(*manifest()), "css") <= SHEETS


def further_pages() -> list[str]:
    return sorted(key for key in manifest() if key.endswith("Page.tsx") and key != INBOX)


def test_no_further_page_is_heavy() -> None:
    entry = next(key for key, each in manifest().items() if each.get("isEntry"))
    before = files(entry, INBOX)
    heavy = {
        page: f"{added // KB} KB"
        for page in further_pages()
        if (added := weight(files(page) - before, "js")) > ROOMIER.get(page, FURTHER_PAGE)
    }
    assert heavy == {}


def files(*keys: str) -> frozenset[str]:
    """Every file that is loaded with these chunks."""
    return frozenset(
        name
        for key in _closure(keys)
        for name in (manifest()[key]["file"], *manifest()[key].get("css", ()))
    )


def weight(names: frozenset[str], kind: str) -> int:
    """gzip bytes of the files of one kind."""
    return sum(
        len(gzip.compress((PAGES / name).read_bytes(), 6))
        for name in names
        if name.endswith(f".{kind}")
    )


def _closure(keys: tuple[str, ...]) -> Iterator[str]:
    seen: set[str] = set()
    waiting = list(keys)
    while waiting:
        if (key := waiting.pop()) not in seen:
            seen.add(key)
            waiting += manifest()[key].get("imports", ())
            yield key
