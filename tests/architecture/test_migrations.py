"""The migrations of a service are one chain: each has a number of its own and follows the last."""

import re
from collections import Counter
from pathlib import Path

import pytest
from tests.architecture.source import ROOT, report

FOLDERS = sorted((ROOT / "services").glob("*/src/koinonia/*/migrations/versions"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.parents[1].name))
def test_migrations_are_one_chain(folder: Path) -> None:
    found = {file.name: file.read_text() for file in folder.glob("*.py")}
    revisions = Counter(re.findall(r'^revision = "(\w+)"', "\n".join(found.values()), re.M))
    followed = Counter(re.findall(r'^down_revision = "(\w+)"', "\n".join(found.values()), re.M))
    report(
        "Two who write migrations at the same time take the same number, and then no database can "
        "be brought up to date.",
        "Give the one that landed last the next number, in revision and down_revision.",
        [f"{name} is there {times} times" for name, times in revisions.items() if times > 1]
        + [f"{name} is followed {times} times" for name, times in followed.items() if times > 1],
    )
