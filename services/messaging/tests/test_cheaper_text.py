"""The cheaper form of a text: what is rewritten, what is left, and when it is offered."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from koinonia.carriers import segments
from koinonia.messaging.composing import cheaper_text, template_text

DEAR = st.sampled_from("ab {}’“”…ê\u00a0")  # letters that have cheaper ones, among others


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("“Don’t” ‘wait’…", "\"Don't\" 'wait'..."),
        ("9–10 — today", "9-10 - today"),
        ("10\u00a0am\u2009at\u3000St.\tPaul", "10 am at St. Paul"),
        ("a\u200bb\u200dc\u00add\ufeff", "abcd"),
        ("á í ó ú â ê ë ï õ ā ł ç Á È", "a i o u a e e i o a l c A E"),
        ("ｆｕｌｌ　ｗｉｄｔｈ！", "full width!"),
        ("ﬁne oﬀer œuvre", "fine offer oeuvre"),
        ("n\u0308 x\u0304", "n x"),
        ("𝐁𝐨𝐥𝐝", "Bold"),
        ("line\u2028line", "line\nline"),
    ],
)
def test_what_has_a_plain_form_is_written_plainly(written: str, plain: str) -> None:
    assert cheaper_text.plain(written) == plain
    assert segments.measure(plain).encoding is segments.Encoding.GSM_7


@pytest.mark.parametrize(
    "kept",
    [
        "é è ù ì ò à ñ ü ö ä Ç É Ñ å ø æ ß ¿¡ € £ [a] {b} ^ ~",
        "👨‍👩‍👧‍👦 ❤️ ©️ 1️⃣ 🇺🇸",
        "Привет", "你好", "नमस्ते", "می‌خواهم", "שָׁלוֹם",
        "10² ½ ①",
        "｛｛firstName｝｝",
    ],
)  # fmt: skip
def test_what_means_something_is_left(kept: str) -> None:
    assert cheaper_text.plain(kept) == kept


def test_a_text_is_offered_only_when_it_takes_fewer_parts() -> None:
    assert cheaper_text.offer("Don’t") is None
    assert cheaper_text.offer("D’" + "x" * 158) == cheaper_text.Offer("D'" + "x" * 158, 1)
    assert cheaper_text.offer("😀 D’" + "x" * 158) is None


def test_merge_fields_stay_and_are_counted_as_their_fallbacks() -> None:
    found = cheaper_text.offer("{{ firstName | l’ami }}" + "x" * 155)
    assert found == cheaper_text.Offer("{{ firstName | l'ami }}" + "x" * 155, 1)


@given(st.text(max_size=300) | st.text(DEAR, min_size=72, max_size=300))
def test_what_is_offered_has_fewer_parts_and_nothing_left_to_rewrite(text: str) -> None:
    found = cheaper_text.offer(text)
    assume(found is not None)
    assert found.parts < segments.measure(template_text.typical(text)).parts
    assert cheaper_text.plain(found.content) == found.content


@given(st.text(st.sampled_from(sorted(segments.GSM))))
def test_a_plain_text_is_left_as_it_is(text: str) -> None:
    assert cheaper_text.plain(text) == text
