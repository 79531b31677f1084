"""The migrations of a service, one after the other."""

import re
from collections import Counter

from tests.architecture.source import ROOT, report

REVISION = re.compile(r'^revision = "(.+)"$', re.MULTILINE)
BEFORE = re.compile(r'^down_revision = "?([^"\n]+)"?$', re.MULTILINE)


def test_each_migration_follows_another_one() -> None:
    report(
        "Two migrations after the same one are two heads, and no database can be made from them.",
        "Give the one that lands later the next number, and the other as its down_revision.",
        [
            f"{folder.relative_to(ROOT)}: {name} is there {count} times as {what}"
            for folder in sorted(ROOT.glob("services/*/src/koinonia/*/migrations"))
            for what, found in (("revision", REVISION), ("down_revision", BEFORE))
            for name, count in Counter(
                each
                for path in sorted(folder.rglob("versions/**/*.py"))
                for each in found.findall(path.read_text())
            ).items()
            if count > 1
        ],
    )
