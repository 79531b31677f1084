"""How a stored file is named and cut for a browser."""

from types import SimpleNamespace
from typing import Any

import pytest

from koinonia.common import db
from koinonia.conversation.media import file_names, file_responses
from koinonia.conversation.media.errors import NoSuchPart
from koinonia.media.kinds import Kind


def file(**fields: Any) -> Any:
    known = {"id": db.uuid7(), "bytes": 100, "name": "map.png", "content_type": Kind.PNG}
    return SimpleNamespace(**known | fields)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("map.html", "map.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\Ada\\plan.doc", "plan.pdf"),
        ('a"\r\nSet-Cookie: x=1.pdf', "a Set-Cookie x=1.pdf"),
        ("Gemeindebrief für Ostern.pdf", "Gemeindebrief für Ostern.pdf"),
        ("x\u202egnp.exe", "xgnp.pdf"),
        ("..", "file.pdf"),
        (None, "file.pdf"),
        ("x" * 300, "x" * 100 + ".pdf"),
    ],
)
def test_a_name_is_kept_as_far_as_it_is_safe(given: str | None, kept: str) -> None:
    assert file_names.safe_name(given, Kind.PDF) == kept
    told = file_responses.headers(file(name=kept, content_type=Kind.PDF), 0)["Content-Disposition"]
    assert told.isascii()
    assert not {"\r", "\n"} & set(told)


def test_a_browser_shows_pictures_and_saves_the_rest() -> None:
    kinds = {kind: file_responses.headers(file(content_type=kind), 0) for kind in Kind}
    saved = {
        kind for kind, told in kinds.items() if told["Content-Disposition"].startswith("attachment")
    }
    documents = {Kind.DOCX, Kind.XLSX, Kind.PPTX, Kind.ODT}
    assert saved == {Kind.VCARD, Kind.CALENDAR, Kind.TEXT, *documents}
    assert all(told["X-Content-Type-Options"] == "nosniff" for told in kinds.values())
    assert all("default-src 'none'" in told["Content-Security-Policy"] for told in kinds.values())


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("bytes=0-9", (0, 10)),
        ("bytes=5-", (5, 100)),
        ("bytes=-4", (96, 100)),
        ("bytes=-400", (0, 100)),
        ("bytes=9-99999", (9, 100)),
        ("bytes=-", None),
        ("bytes=0-1,4-5", None),
        ("lines=1-2", None),
        ("", None),
    ],
)
def test_one_range_of_bytes_is_understood(asked: str, expected: file_responses.Span | None) -> None:
    assert file_responses.requested_span(file(), {"range": asked}) == expected


@pytest.mark.parametrize("asked", ["bytes=100-", "bytes=9-3", "bytes=-0"])
def test_a_part_that_is_not_there_is_refused(asked: str) -> None:
    with pytest.raises(NoSuchPart):
        file_responses.requested_span(file(), {"range": asked})


def test_a_part_of_another_version_is_not_sent() -> None:
    assert (
        file_responses.requested_span(file(), {"range": "bytes=0-9", "if-range": '"other"'}) is None
    )
