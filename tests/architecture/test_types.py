"""A misspelt attribute fails `make types`; `Any`, which would hide it, gives its reason."""

import io
import re
import shutil
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest
from tests.architecture.source import ROOT, code, report

CACHE = ".mypy_cache"
BROADCASTS = "services/messaging/src/koinonia/messaging/broadcasts"

# A file of the path of every text, what to misspell in it, and how.
SLIPS = ((f"{BROADCASTS}/sending/dispatch.py", "running.database", "running.databse"),)

REASON = re.compile(r"# Any: \w")


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What mypy says of the tree with the slips in it; the tree itself is not touched."""
    folder = tmp_path_factory.mktemp("types")
    if (ROOT / CACHE).exists():
        shutil.copytree(ROOT / CACHE, folder / CACHE)
    shadows: list[str] = []
    for number, (path, right, wrong) in enumerate(SLIPS):
        text = (ROOT / path).read_text()
        assert right in text, f"{path} has no {right}: choose another slip"
        planted = folder / f"{number}.py"
        planted.write_text(text.replace(right, wrong, 1))
        shadows += ["--shadow-file", str(ROOT / path), str(planted)]
    found = (ROOT.glob(f"{part}/*/src") for part in ("libs", "services"))
    sources = [str(path) for each in found for path in sorted(each)]
    mypy = Path(sys.executable).with_name("mypy")
    command = [str(mypy), "--cache-dir", str(folder / CACHE), *shadows, *sources]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    return ended.stdout.splitlines()


@pytest.mark.timeout(600)  # without a cache mypy reads everything
@pytest.mark.parametrize(("path", "right", "wrong"), SLIPS)
def test_a_misspelt_attribute_fails_the_types(
    complaints: list[str], path: str, right: str, wrong: str
) -> None:
    attribute = wrong.partition(".")[2]
    assert [line for line in complaints if path in line and f'"{attribute}"' in line], complaints


def test_any_gives_its_reason() -> None:
    without = [
        f"{source.path}:{number}"
        for source in code()
        if re.match(r"(libs|services)/\w+/src/", source.path)
        for number in unexplained(source.text)
    ]
    report(
        "`Any` switches the types off for whatever it touches.",
        "Take `object`, JsonValue of pydantic, a TypedDict, a type of your own; where a value "
        "really may be anything, end the line with `# Any: <reason>`, or the line above.",
        without,
    )


def unexplained(text: str) -> list[int]:
    """The lines on which the name ``Any`` stands without a reason; imports aside."""
    lines = text.splitlines()
    used = {
        token.start[0]
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.NAME and token.string == "Any"
    }
    return sorted(
        number
        for number in used
        if not re.match(r"(from \S+ )?import |    Any,$", lines[number - 1])
        if not any(REASON.search(line) for line in lines[max(0, number - 2) : number])
    )


def test_a_reason_stands_on_the_line_or_above_it() -> None:
    above = "# Any: theirs\nx: Any = 1\ny: Any = 2\n"
    beside = "from typing import Any\nx: Any = 1  # Any: theirs\n\ny: Any = 2\n"
    assert (unexplained(above), unexplained(beside)) == ([3], [4])
