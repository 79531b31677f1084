"""What can be seen of a text, and what is the same."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koinonia.common import phone, visible_text

INVISIBLE = [chr(code) for code in range(0x110000) if visible_text.is_invisible(chr(code))]
unseen = st.text(st.sampled_from(INVISIBLE), min_size=1, max_size=6)
names = st.text(st.characters(codec="utf-8"), max_size=12)


@given(unseen, st.text(" \t\n\u00a0\u202f\u3000\x07", max_size=3))
def test_a_text_of_invisible_letters_and_spaces_is_empty(letters: str, spaces: str) -> None:
    assert visible_text.is_empty(letters + spaces + letters)
    assert visible_text.line(letters + spaces + letters) == ""
    assert visible_text.bare(spaces + letters) == ""


@given(unseen, unseen, unseen)
def test_invisible_letters_make_no_other_name(first: str, second: str, third: str) -> None:
    name = f"{first}Iv{second}o{third}"
    assert visible_text.line(name) == "Ivo"
    assert visible_text.key(name) == visible_text.key("IVO")


@given(names)
def test_a_line_is_as_it_is_shown_once_and_for_all(name: str) -> None:
    shown = visible_text.line(name)
    assert visible_text.line(shown) == shown
    assert visible_text.key(shown) == visible_text.key(name)
    assert not any(unicodedata.category(letter) in ("Cc", "Zl", "Zp") for letter in shown)


@pytest.mark.parametrize(
    "name",
    ["❤️ Care", "👨‍👩‍👧 Families", "1️⃣ First", "🏴󠁧󠁢󠁥󠁮󠁧󠁿 Choir", "می‌خواهم", "José", "Crème ©️"],
)
def test_invisible_letters_stay_where_they_mean_something(name: str) -> None:
    assert visible_text.line(name) == unicodedata.normalize("NFC", name)


@given(unseen, st.integers(0, 12))
def test_a_phone_is_read_whatever_invisible_is_in_it(letters: str, at: int) -> None:
    written = "202-555-0142"
    assert phone.parse(written[:at] + letters + written[at:]) == "+12025550142"


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u2009", "\u3000"])
def test_a_phone_is_read_with_any_space(space: str) -> None:
    assert phone.parse(f"\u202a202{space}555{space}0142\u202c") == "+12025550142"


@pytest.mark.parametrize("text", ["a\0", "\0", "a\ud83d", "\udc00b", "😀\ud83d"])
def test_what_cannot_be_stored_is_told_and_mended(text: str) -> None:
    assert visible_text.obstacle(text)
    assert visible_text.obstacle(visible_text.storable(text)) is None


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_any_other_text_can_be_stored(text: str) -> None:
    assert visible_text.obstacle(text) is None
    text.encode()
