"""The TypeScript client is of this very document, its packages are locked, its programs honest."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from tests.architecture.source import ROOT, report

from koinonia.devkit.documents import OPENAPI, typescript

FOLDER = typescript.FOLDER
LOCK = json.loads((FOLDER / "package-lock.json").read_text())
MANIFEST = json.loads((FOLDER / "package.json").read_text())
PARTS = ("src", "program", "test")
WRITTEN = [path for part in PARTS for path in sorted((FOLDER / part).glob("*.ts"))]
OURS = [path for path in WRITTEN if path != ROOT / typescript.SCHEMA]
LONGEST_FILE, LONGEST_LINE = 400, 100
SECONDS = 60
# What takes the compiler's word away: then a program would compile against any document.
SILENCED = {
    "a cast": re.compile(r"(?<!\*)\s+as\s+(?!const\b)[^*]"),
    "any": re.compile(r"[:<,|&]\s*any\b"),
    "a non-null assertion": re.compile(r"[\w\])]!(?!=)"),
    "a silenced error": re.compile(r"@ts-"),
}


def test_the_types_of_the_client_are_of_the_present_document() -> None:
    written = (ROOT / typescript.SCHEMA).read_text().partition("\n")[0]
    document = (ROOT / OPENAPI).read_text()
    assert written == typescript.head(document), "Run `make openapi` and commit what it writes."


def test_every_locked_package_is_known_by_its_content_and_by_no_address() -> None:
    packages = {name: each for name, each in LOCK["packages"].items() if name}
    assert len(packages) > 10
    report(
        "A package without `integrity` can be swapped; one with `resolved` names somebody's host.",
        "Make the lock anew from nothing: `make client-lock`.",
        [n for n, each in packages.items() if "integrity" not in each or "resolved" in each],
    )


@pytest.mark.parametrize("kind", ["dependencies", "devDependencies"])
def test_direct_packages_are_exact_versions(kind: str) -> None:
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", each) for each in MANIFEST[kind].values())
    assert LOCK["packages"][""][kind] == MANIFEST[kind]


def test_installing_runs_nothing_and_takes_nothing_that_is_new_today() -> None:
    rules = set((FOLDER / ".npmrc").read_text().split())
    assert rules >= {
        *("ignore-scripts=true", "min-release-age=7", "save-exact=true"),
        *("omit-lockfile-registry-resolved=true", "engine-strict=true"),
    }


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_no_program_silences_the_compiler(path: Path) -> None:
    lines = [line for line in path.read_text().splitlines() if not line.startswith("import ")]
    found = [
        f"{path.name}: {what} in {line.strip()}"
        for line in map(_code, lines)
        for what, pattern in SILENCED.items()
        if pattern.search(line)
    ]
    assert found == []


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_typescript_has_the_sizes_of_everything_else(path: Path) -> None:
    lines = path.read_text().splitlines()
    assert len(lines) <= LONGEST_FILE
    assert [line for line in lines if len(line) > LONGEST_LINE] == []


def test_the_reader_of_the_stream_goes_on_after_whatever_cuts_it() -> None:
    tests = sorted((FOLDER / "test").glob("*.test.ts"))
    ended = subprocess.run(
        [typescript.node(), "--test", "--test-reporter=tap", *tests],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout
    assert len(re.findall(r"^ok \d", ended.stdout, re.MULTILINE)) > 10


def _code(line: str) -> str:
    """Without comments and texts."""
    return re.sub(r'"[^"]*"|`[^`]*`|//.*|^\s*/?\*.*', "", line)
