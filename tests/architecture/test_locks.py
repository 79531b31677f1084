"""What production installs: the packages that services and libraries need, and no tool."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tests.architecture.source import ROOT, report

DEVKIT = "devkit"  # the tools of developers, which no image of a service holds


def locked(name: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9-]+)==", (ROOT / name).read_text(), re.MULTILINE))


def projects() -> list[Path]:
    found = [*ROOT.glob("libs/*/pyproject.toml"), *ROOT.glob("services/*/pyproject.toml")]
    return [path for path in found if path.parent.name != DEVKIT]


def needed(paths: list[Path]) -> set[str]:
    """What these packages need, directly or by what they need, on any platform."""
    declared = [tomllib.loads(path.read_text())["project"]["dependencies"] for path in paths]
    waiting = [Requirement(line) for lines in declared for line in lines]
    found: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        requirement = waiting.pop()
        wanted = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if wanted not in found:
            found.add(wanted)
            waiting += _requirements(*wanted)
    return {name for name, _ in found}


def _requirements(name: str, extras: frozenset[str]) -> list[Requirement]:
    try:
        lines = requires(name) or []
    except PackageNotFoundError:  # for another platform
        return []
    found = [Requirement(line) for line in lines]
    return [each for each in found if _is_wanted(each, extras)]


def _is_wanted(requirement: Requirement, extras: frozenset[str]) -> bool:
    named = re.findall(r"extra\s*==\s*['\"]([^'\"]+)", str(requirement.marker or ""))
    return not named or bool(extras & set(named))


def test_the_lock_of_production_holds_what_services_and_libraries_need() -> None:
    report(
        "An image holds nothing that only developers and tests use: it would be shipped, "
        "scanned and patched for nothing.",
        "Declare it in libs/devkit or the group `dev`, then run `make lock`.",
        sorted(locked("requirements.lock") - needed(projects())),
    )


def test_a_package_is_locked_in_one_place() -> None:
    twice = locked("requirements.lock") & locked("requirements-dev.lock")
    report("Two locks could disagree about a package.", "Run `make lock`.", sorted(twice))
    assert "testcontainers" in locked("requirements-dev.lock")


def test_images_are_built_from_the_lock_of_production() -> None:
    """The stage of the pages has Node of the other lock; none of it goes on."""
    stages = (ROOT / "deploy" / "Dockerfile").read_text().split("\nFROM ")
    kept = [stage for stage in stages if "AS pages" not in stage]
    assert len(kept) == len(stages) - 1
    installed = [name for stage in kept for name in re.findall(r"\S+\.lock", stage)]
    assert set(installed) == {"requirements.lock"}
