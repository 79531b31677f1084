"""The pages: their packages are locked and few, their sources have the sizes of everything else."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.architecture.source import ROOT, report

from koinonia.devkit.documents import licences

WEB = ROOT / "web"
LOCK = json.loads(licences.LOCK.read_text())
MANIFEST = json.loads(licences.MANIFEST.read_text())
PARTS = ("src", "build")
KINDS = ("*.ts", "*.tsx", "*.css")
SOURCES = sorted(path for part in PARTS for kind in KINDS for path in (WEB / part).rglob(kind))
MOST_RUNTIME, MOST_PACKAGES = 8, 150
LONGEST_FILE = 400

# Words that a reader or a screen reader is given, between tags or in the attributes that hold such.
SHOWN = (
    re.compile(r">\s*([A-Z][a-z]+(?: [A-Za-z’',]+)+[.!?]?)\s*</"),
    re.compile(
        r"\b(?:aria-label|label|title|placeholder|alt|description)=\"([^\"]*[a-z] [^\"]*)\""
    ),
)
NO_WORDS = {"Koinonia"}  # a name


def test_every_locked_package_of_the_pages_is_known_by_its_content_and_by_no_address() -> None:
    packages = {name: each for name, each in LOCK["packages"].items() if name}
    assert len(packages) > 10
    report(
        "A package without `integrity` can be swapped; one with `resolved` names somebody's host.",
        "Make the lock anew from nothing: `make web-lock`.",
        [n for n, each in packages.items() if "integrity" not in each or "resolved" in each],
    )


@pytest.mark.parametrize("kind", ["dependencies", "devDependencies"])
def test_direct_packages_of_the_pages_are_exact_versions(kind: str) -> None:
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", each) for each in MANIFEST[kind].values())
    assert LOCK["packages"][""][kind] == MANIFEST[kind]


def test_the_pages_stand_on_few_packages() -> None:
    assert len(MANIFEST["dependencies"]) <= MOST_RUNTIME
    assert len(LOCK["packages"]) <= MOST_PACKAGES


def test_installing_the_pages_runs_nothing_and_takes_nothing_that_is_new_today() -> None:
    assert set((WEB / ".npmrc").read_text().split()) >= {
        *("ignore-scripts=true", "min-release-age=7", "save-exact=true"),
        *("omit-lockfile-registry-resolved=true", "engine-strict=true"),
    }


def test_what_is_passed_on_may_be_passed_on() -> None:
    report(
        "Its licence asks for more than to be named, or it has none.",
        "Take another package, or add the licence to licences.ALLOWED with a lawyer's word.",
        [each.name for each in licences.packages() if each.licence not in licences.ALLOWED],
    )


def test_sources_of_the_pages_have_the_sizes_of_everything_else() -> None:
    assert len(SOURCES) > 20
    report(
        f"A file of the pages has at most {LONGEST_FILE} lines.",
        "Give each of the things that it holds a file.",
        [_named(path) for path in SOURCES if len(path.read_text().splitlines()) > LONGEST_FILE],
    )


def test_every_any_of_the_pages_says_why() -> None:
    found = [
        f"{_named(path)}:{number}"
        for path in SOURCES
        for number, line, before in _lines(path)
        if re.search(r"(?:[:<,|&]\s*|\bas\s+)any\b(?![\w-])", _code(line))
        if "// any:" not in before + line
    ]
    report("`any` takes the compiler's word away.", "Name the type, or `// any: reason`.", found)


def test_every_sentence_of_the_pages_stands_in_its_words() -> None:
    found = [
        f"{_named(path)}: {words}"
        for path in SOURCES
        if path.suffix == ".tsx" and "words" not in path.relative_to(WEB / "src").parts
        for pattern in SHOWN
        for words in pattern.findall(path.read_text())
        if words not in NO_WORDS
    ]
    report("Who reads Spanish would read this in English.", "Put it into words/.", found)


def _named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _lines(path: Path) -> Iterator[tuple[int, str, str]]:
    """Each line by its number, with what is said of it in the two lines before."""
    lines = path.read_text().splitlines()
    for index, line in enumerate(lines):
        yield index + 1, line, " ".join(lines[max(0, index - 2) : index])


def _code(line: str) -> str:
    """Without texts and comments."""
    return re.sub(r'"[^"]*"|`[^`]*`|//.*|^\s*/?\*.*', "", line)
