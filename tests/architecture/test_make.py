"""What the Makefile does where something of it cannot be had."""

import subprocess
from pathlib import Path

import pytest
from tests.architecture.source import ROOT

FAILING_NPM = "#!/bin/sh\necho npm error: the registry is not within reach >&2\nexit 1\n"
PYTHON = '#!/bin/sh\necho "$@"\n'
LOCKED = ("package.json", "package-lock.json", ".npmrc")


@pytest.mark.parametrize("target", ["up", "demo"])
def test_without_a_registry_everything_else_starts_and_one_sentence_says_why(
    target: str, tmp_path: Path
) -> None:
    made = _make(tmp_path, target)
    assert made.returncode == 0, made.stderr
    assert f"-m koinonia.devkit {target}" in made.stdout
    [why] = [line for line in made.stdout.splitlines() if "pages" in line and "Then:" in line]
    assert why == (
        "There are no new pages, since their packages cannot be installed: is the npm registry "
        "within reach? Then: make pages"
    )


def test_who_asks_for_the_pages_themselves_is_told_that_there_are_none(tmp_path: Path) -> None:
    assert _make(tmp_path, "pages").returncode != 0


def _make(folder: Path, target: str) -> subprocess.CompletedProcess[str]:
    """The target, with an empty folder of pages and an npm that cannot install anything."""
    web, programs, ready = folder / "web", folder / "bin", folder / "ready"
    web.mkdir()
    programs.mkdir()
    for name in LOCKED:
        (web / name).write_bytes((ROOT / "web" / name).read_bytes())
    for name, script in (("npm", FAILING_NPM), ("python", PYTHON)):
        (programs / name).write_text(script)
        (programs / name).chmod(0o755)
    ready.touch()
    places = [f"WEB={web}", f"BIN={programs}", f"READY={ready}"]
    return subprocess.run(
        ["make", target, *places], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
