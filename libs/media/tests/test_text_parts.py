"""Words and layouts among the parts of an MMS."""

import random

import pytest

from koinonia.media import text_parts

from .pictures import REFUSED, TAKEN

SAID = "¡Sí! “Choir” at 7 — bring Zoë"
CHARSETS = ["utf-8", "utf-16", "utf-16-le", "cp1252"]


@pytest.mark.parametrize("charset", CHARSETS)
def test_words_are_read_in_the_charset_that_they_name(charset: str) -> None:
    declared = f'Text/Plain; name=a.txt; charset="{charset}"'
    assert text_parts.words(SAID.encode(charset), declared) == SAID


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("named", ["", "; charset=nonsense", "; charset=idna", "; charset=ascii"])
def test_words_are_read_whatever_charset_is_said(charset: str, named: str) -> None:
    assert text_parts.words(SAID.encode(charset), f"text/plain{named}") == SAID


def test_lines_end_as_ours_and_nothing_invisible_stays() -> None:
    said = b" One\r\nTwo\rThree\x0b \n" + b"x" * 60
    assert text_parts.words(said, "text/plain") == "One\nTwo\nThree \n" + "x" * 60


def test_a_text_of_short_lines_is_a_text() -> None:
    assert text_parts.words(b"a\r\n" * 50, "text/plain") == "\n".join("a" * 50)


@pytest.mark.parametrize("content_type", [each for each in TAKEN if each != "text/plain"])
def test_a_file_that_is_called_text_is_not_read_as_words(content_type: str) -> None:
    assert text_parts.words(TAKEN[content_type] + bytes(200), "text/plain") is None


@pytest.mark.parametrize(
    "what", ["a page", "a page after spaces", "an SVG", "an SVG with a prologue"]
)
def test_markup_is_no_text(what: str) -> None:
    assert text_parts.words(REFUSED[what], "text/plain") is None


@pytest.mark.parametrize("declared", [None, "", "image/jpeg", "text/html", "text/vcard"])
def test_only_what_is_called_text_is_words(declared: str | None) -> None:
    assert text_parts.words(b"Hello", declared) is None


def test_a_long_text_is_cut_and_a_huge_one_is_none() -> None:
    assert (
        len(text_parts.words(b"x" * 50_000, "text/plain") or "") == text_parts.MOST_CHARACTERS + 1
    )
    assert text_parts.words(b"x" * 300_000, "text/plain") is None


@pytest.mark.parametrize("seed", range(40))
def test_any_bytes_are_words_that_can_be_kept_or_none(seed: int) -> None:
    dice = random.Random(seed)
    content = dice.randbytes(dice.randint(0, 200))
    declared = f"text/plain; charset={dice.choice(['utf-8', 'utf-16', 'gb18030', 'big5', 'x'])}"
    words = text_parts.words(content, declared)
    assert words is None or "\0" not in words.encode().decode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize(
    "before",
    ["", "\n", '<?xml version="1.0"?>\n', '<!DOCTYPE smil PUBLIC "-//W3C//DTD SMIL 1.0//EN" "x">'],
)
def test_a_layout_is_known_by_its_content(before: str, encoding: str) -> None:
    smil = f'{before}<smil xmlns="x"><body><par><text src="a"/></par></body></smil>'
    assert text_parts.is_layout(smil.encode(encoding))


@pytest.mark.parametrize("content", [b"", b"<smiley>", b"smile <smil>", b"<html><smil>"])
def test_other_things_are_no_layout(content: bytes) -> None:
    assert not text_parts.is_layout(content)
