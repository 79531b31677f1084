"""Names that mislead, each with what to write instead; docs/glossary.md has the words."""

import re
from collections import defaultdict
from pathlib import PurePath

from tests.architecture.source import code, report

EMPTY_VERBS = re.compile(r"_?(of|note|told|one|heed)")
MOODS = {
    "asking", "calling", "carrying", "door", "firing", "heeding", "holding", "lately", "leaving",
    "looking", "measuring", "noting", "pinning", "planning", "reach", "showing", "spending",
    "sweeping", "telling", "tracing", "wanted", "watching", "words", "working",
}  # fmt: skip
FOLDER_FILES = 18
# Each folder may have these, and they mean the same wherever they stand.
FORMS = {
    "__init__", "__main__", "api", "app", "cli", "dependencies", "errors", "program", "queries",
    "running", "schemas", "settings", "worker",
}  # fmt: skip


def test_a_function_says_what_it_does_or_gives() -> None:
    report(
        "No function is called of, note, told, one or heed: the reader has to open it to know.",
        "A verb for effects (`record`), a noun for queries (`rates`); see docs/glossary.md.",
        [
            f"{source.at(function)} {function.name}"
            for source in code()
            for function in source.functions()
            if EMPTY_VERBS.fullmatch(function.name)
            if not source.path.endswith("common/db/statements.py")  # db.one: SQL's own word
        ],
    )


def test_a_file_is_named_after_what_it_holds() -> None:
    report(
        "A file is named after what it holds, so that a newcomer finds it at the first try.",
        "Write carrier_lookup.py, not looking.py.",
        [source.path for source in code() if PurePath(source.path).stem in MOODS],
    )


def test_one_file_name_means_one_thing_in_a_service() -> None:
    homes: dict[tuple[str, str], list[str]] = defaultdict(list)
    for source in code():
        path = PurePath(source.path)
        is_route = "api" in path.parts
        if (
            path.parts[0] == "services"
            and path.stem not in FORMS
            and "migrations" not in path.parts
        ):
            homes[path.parts[1], f"{path.stem}{' (routes)' if is_route else ''}"].append(
                source.path
            )
    report(
        "The same file name never means two things in two folders of a service.",
        "Add what sets it apart: scheduled_replies.py, not scheduled.py twice.",
        [f"{', '.join(paths)}" for paths in homes.values() if len(paths) > 1],
    )


def test_a_folder_can_be_taken_in_at_a_glance() -> None:
    folders: dict[str, int] = defaultdict(int)
    for source in code():
        path = PurePath(source.path)
        if path.stem not in FORMS:
            folders[str(path.parent)] += 1
    report(
        f"No folder holds more than {FOLDER_FILES} modules, beside those that every service has.",
        "Cut it by subject; the packages of a service form a line (pyproject.toml).",
        [f"{folder} {count}" for folder, count in sorted(folders.items()) if count > FOLDER_FILES],
    )
