"""What people mean when they text: the given vectors, and the rule behind them."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koinonia.messaging.people.optout import plain_words, spelling
from koinonia.messaging.people.optout.meaning import Meaning, meaning

HERE = Path(__file__).parent / "vectors"
VECTORS = json.loads((HERE / "optout.json").read_text())["vectors"]
MORE = json.loads((HERE / "optout_more.json").read_text())

STOPS = """
    S T O P / s.t.o.p. / STOOOP / ST0P / ЅТОР / ＳＴＯＰ / 𝗦𝗧𝗢𝗣 / stop all / unsubscribe. / Opt out
    OPT-OUT! / S\u200bTOP / *stop* / STOP.STOP / 🛑 Stop 🛑 / Q U I T / "stop" / Cancel!! / $top
"""
REVOCATIONS = """
    please stop texting me / Please stop. / pls stop / stop sending me these texts
    i want to unsubscribe / I'd like to opt out / unsubscribe me / opt me out
    can you stop texting me / Could you please stop sending these / Wrong number, stop texting me
    STOP texting me!!! / how do i unsubscribe? / Please stop all texts
    stop messaging me because i moved / cancel please / Remove / стоп
    please unsubscribe me from this list / i revoke my consent
"""
QUESTIONS = """
    stop it / take me off your list / Remove me from this list
    Please remove my number from your list / don't text me anymore / Do not contact me again
    I don't want to receive any more texts / I no longer wish to receive these messages
    No more texts please / leave me alone / I moved away. Please take me off the text list.
    never text me again / lose my number / ya no quiero recibir mensajes
    no me manden más mensajes / Dejen de mandarme mensajes / por favor quítenme de la lista / alto
    Parar / No más mensajes / darme de baja / don't send me any more messages
"""
ORDINARY = """
    stop by at 5 / I quit smoking / cancel my RSVP / don't stop texting me / end of the month
    why did you stop texting me? / did you stop sending the newsletter / nonstop prayers
    I can't stop texting / please help me move / info about sunday? / When does it start
    remove the chairs after service / don't forget to text me / Loved “Reply STOP to opt out”
    👍 to “stop” / Disliked "Stop" / cancel the order for chairs / i want to quit my job
    Stop and smell the roses / please stop by tomorrow / can you stop at the store / 😀 / no / 123
    I don't need a ride / take me to church / remove my shoes / yes please / don't text and drive
    stop! that's hilarious / The bus stop is far / leave the chairs alone / help me / start at 5?
"""


def _listed(block: str) -> list[str]:
    lines = (line.strip(" ") for line in block.strip("\n ").split("\n"))
    return [each.strip(" ") for line in lines for each in line.split(" / ")]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: repr(vector["text"]))
def test_the_given_vectors(vector: dict[str, str]) -> None:
    assert meaning(vector["text"]) == vector["expected"]


@pytest.mark.parametrize("expected", MORE)
def test_more_of_what_people_write(expected: str) -> None:
    heard = {text: meaning(text) for text in MORE[expected]}
    assert {text: found for text, found in heard.items() if found != expected} == {}


LONG = ("stop texting ", " ", "-", "please ", "\ufdfa", "a.", "no ", "stop ", "\ufdfa.", "i said ")


@pytest.mark.parametrize("text", [(each * 1600)[:1600] for each in LONG])
def test_no_text_takes_long_to_understand(text: str) -> None:
    meaning("Hello")  # what is loaded once is no part of it
    started = time.thread_time()
    meaning(text)
    assert time.thread_time() - started < 0.1


@pytest.mark.parametrize("text", _listed(STOPS))
def test_a_keyword_is_heard_through_its_disguise(text: str) -> None:
    assert meaning(text) is Meaning.STOP


@pytest.mark.parametrize("text", _listed(REVOCATIONS))
def test_a_plain_request_to_stop_is_heard(text: str) -> None:
    assert meaning(text) is Meaning.STOP_PHRASE


@pytest.mark.parametrize("text", _listed(QUESTIONS))
def test_what_may_be_meant_as_a_request_to_stop_is_a_question(text: str) -> None:
    assert meaning(text) is Meaning.STOP_ASKED


@pytest.mark.parametrize("text", _listed(ORDINARY))
def test_an_ordinary_answer_is_no_request_to_stop(text: str) -> None:
    assert meaning(text) is Meaning.NONE


def test_a_signature_under_a_keyword_does_not_hide_it() -> None:
    assert meaning("STOP\nSent from my iPhone") is Meaning.STOP


@given(
    st.sampled_from(["stop", "unsubscribe", "cancel", "quit", "revoke", "stop all", "opt out"]),
    st.text("\u200b\u200d\ufeff\u00ad", max_size=2),
    st.text(" .!?\n\"“”'🙏❤️-*", max_size=5),
    st.booleans(),
)
def test_signs_and_case_around_a_keyword_change_nothing(
    keyword: str, hidden: str, around: str, shouted: bool
) -> None:
    said = keyword[:2] + hidden + keyword[2:]
    assert meaning(around + (said.upper() if shouted else said) + around) is Meaning.STOP


@given(st.text(max_size=200))
def test_any_text_has_a_meaning(text: str) -> None:
    assert meaning(text) in Meaning
    assert plain_words.words(plain_words.words(text)) == plain_words.words(text)


@given(st.sampled_from(sorted(spelling.MEANT)), st.sampled_from(["", "please ", "Hi, ", "ok "]))
def test_a_misspelt_word_of_the_law_is_final(misspelt: str, before: str) -> None:
    assert meaning(before + misspelt).stops


@pytest.mark.parametrize(
    "text", ["Stop! Hilarious", "STOP!! Wow", "Stop. Beautiful!", "Stop. Deandre"]
)
def test_a_word_that_a_phone_writes_with_a_capital_is_no_certain_name(text: str) -> None:
    assert not meaning(text).stops


@given(
    st.sampled_from(["alto", "Alto", "ALTO"]),
    st.sampled_from(["{} please", "Hi, {}", "{} thanks!", "{} 🎶", "{} - Mary Jones", "ok {}"]),
)
def test_alto_in_an_answer_in_english_is_a_part_of_the_choir(part: str, form: str) -> None:
    assert meaning(form.format(part)) is Meaning.NONE


@pytest.mark.parametrize("text", ["Alto", "ALTO!", "alto por favor", "Alto, gracias", "ya alto"])
def test_alto_alone_or_in_spanish_is_a_question(text: str) -> None:
    assert meaning(text) is Meaning.STOP_ASKED


@given(
    st.sampled_from(["stop it", "make it stop", "enough", "basta", "no more", "quit it"]),
    st.sampled_from([" lol", " 😂", " haha", " jajaja", " hahaha!!", " LOL", " jk"]),
)
def test_who_laughs_and_names_no_texts_asks_for_nothing(words: str, laughter: str) -> None:
    assert meaning(words + laughter) is Meaning.NONE


@given(
    st.sampled_from(["stop", "STOP", "unsubscribe", "stop texting me", "no more texts"]),
    st.sampled_from([" lol", " 😂", " haha"]),
)
def test_laughter_hides_no_word_about_texts(words: str, laughter: str) -> None:
    assert meaning(words) is not Meaning.NONE
    if " " in words or "😂" in laughter:
        assert meaning(words + laughter) in (meaning(words), Meaning.STOP_ASKED)


@pytest.mark.parametrize(
    "text",
    [
        "Please stop texting his phone",
        "My mother passed away, please take her off your list",
        "stop sending texts to my wife",
        "Please remove her number",
    ],
)
def test_for_somebody_else_is_never_final(text: str) -> None:
    """The phone that writes may be another one, and a final stop is theirs alone."""
    assert meaning(text) is Meaning.STOP_ASKED


@given(st.sampled_from(sorted(spelling.REAL_WORDS)))
def test_a_word_that_is_one_letter_from_stop_is_itself(word: str) -> None:
    assert not meaning(word).stops


@given(
    st.sampled_from(["Stop", "STOP", "Unsubscribe", "opt out"]),
    st.sampled_from([", {}", " - {}", ". This is {}", "\n{}", ". My name is {}", " {}"]),
    st.sampled_from(["John", "Mary O'Brien", "linda", "MARIA", "Susan Miller"]),
)
def test_a_name_beside_a_word_of_the_law_changes_nothing(word: str, form: str, name: str) -> None:
    assert meaning(word + form.format(name)).stops
