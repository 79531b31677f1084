"""What a text says that carriers and people mind."""

import pytest

from koinonia.messaging.composing import text_checks


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See bit.ly/3xyz", ["bit.ly"]),
        ("See https://www.TinyURL.com/abc and HTTP://T.CO/x.", ["t.co", "tinyurl.com"]),
        ("It is at goo.gl.", ["goo.gl"]),
        ("See https://grace.example/bit.lyric", []),
        ("rabbit.ly and mybit.ly/1 and chat.com and t.com", []),
        ("write to anna@is.gd", []),
        ("at 5 o'clock", []),
    ],
)
def test_public_link_shorteners_are_found(text: str, found: list[str]) -> None:
    assert text_checks.short_links(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Reply STOP to opt out",
        "Txt stop to end",
        "text the word stop to leave",
        "STOP = no more texts",
        "Opt-out any time",
        "To unsubscribe, answer so.",
        "Responda ALTO para no recibir más",
        "Para darse de baja escriba no",
    ],
)
def test_a_text_may_say_in_many_ways_how_to_get_no_more(text: str) -> None:
    assert text_checks.tells_how_to_stop(text)


@pytest.mark.parametrize("text", ["We stop by at 5", "Nonstop fun", "Do not stop praying", ""])
def test_not_every_stop_is_meant_so(text: str) -> None:
    assert not text_checks.tells_how_to_stop(text)
