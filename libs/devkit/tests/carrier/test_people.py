"""People of the simulated carrier: they answer, and they say STOP."""

import base64
from typing import Any

import pytest

from koinonia.devkit.carrier.state import people
from koinonia.devkit.carrier.state.behaviour import Behaviour, Dice
from koinonia.devkit.carrier.telnyx.dialect import KEYWORDS

PHONES = [f"+1202555{number:04}" for number in range(1000)]


def answers(**knobs: Any) -> list[str]:
    behaviour, dice = Behaviour().turn(knobs), Dice(7)
    found = [people.answer(behaviour, dice, phone, "Hello") for phone in PHONES]
    return [answer for answer in found if answer is not None]


def test_about_the_given_share_answers() -> None:
    assert 30 <= len(answers(answer_share=0.05)) <= 70


def test_about_the_given_share_of_answers_is_stop() -> None:
    said = answers(answer_share=0.5, stop_share=0.1)
    assert 25 <= said.count("STOP") <= 75


def test_nobody_answers_when_nobody_should() -> None:
    assert answers(answer_share=0.0) == []


def test_a_phone_can_be_told_what_to_answer() -> None:
    assert answers(answer_share=0.0, answers={PHONES[5]: "STOP"}) == ["STOP"]


def test_no_sentence_is_a_keyword() -> None:
    assert not [words for words in people.SENTENCES if people.keyword(words, KEYWORDS)]


@pytest.mark.parametrize(
    ("words", "keyword"),
    [
        ("STOP", "STOP"),
        (" stop ", "STOP"),
        ("Stop all", "STOP"),
        ("start", "START"),
        ("help", "HELP"),
        ("STOP.", None),
        ("yes", None),
        ("please stop", None),
    ],
)
def test_the_carrier_knows_its_keywords_only(words: str, keyword: str | None) -> None:
    assert people.keyword(words, KEYWORDS) == keyword


async def test_an_answer_arrives_at_the_profile_of_the_number(simulation: Any) -> None:
    number = await simulation.number(await simulation.profile())
    simulation.network.behaviour.answers["+12025550142"] = "Amen 🙏"
    await simulation.send("+12025550142", **{"from": number})
    await simulation.quiet()
    (answer,) = simulation.listener.heard("message.received")
    assert (answer["text"], answer["to"][0]["phone_number"]) == ("Amen 🙏", number)
    assert answer["from"]["phone_number"] == "+12025550142"
    assert "autoresponse_type" not in answer


async def test_stop_blocks_further_texts_of_the_profile_until_start(simulation: Any) -> None:
    number = await simulation.number(await simulation.profile())
    await say(simulation, number, "STOP")
    blocked = await simulation.send("+12025550142", **{"from": number})
    await say(simulation, number, "START")
    free = await simulation.send("+12025550142", **{"from": number})
    assert blocked.json()["errors"][0]["code"] == "40300"
    assert free.status_code == 200


async def test_stop_to_one_church_does_not_block_another(simulation: Any) -> None:
    one = await simulation.number(await simulation.profile("one"))
    other = await simulation.number(await simulation.profile("other"))
    await say(simulation, one, "STOP")
    assert (await simulation.send("+12025550142", **{"from": other})).status_code == 200


async def test_stop_is_told_as_answered_by_the_carrier(simulation: Any) -> None:
    number = await simulation.number(await simulation.profile())
    assert await say(simulation, number, "Stop") == "STOP"
    (answer,) = simulation.listener.heard("message.received")
    assert answer["autoresponse_type"] == "STOP"


async def test_a_picture_can_be_texted(simulation: Any) -> None:
    number = await simulation.number(await simulation.profile())
    urls = ["https://example.org/1.jpg"]
    body = {"from": "+12025550142", "to": number, "mediaUrls": urls}
    await simulation.control.post("/_control/inbound", json=body)
    await simulation.quiet()
    (answer,) = simulation.listener.heard("message.received")
    assert (answer["type"], answer["media"][0]["url"]) == ("MMS", urls[0])


async def test_a_picture_of_one_s_own_is_shown_by_the_carrier_until_it_expires(
    simulation: Any,
) -> None:
    number = await simulation.number(await simulation.profile())
    picture = {"content": base64.b64encode(b"GIF89a").decode(), "contentType": "text/html"}
    body = {"from": "+12025550142", "to": number, "media": [picture]}
    await simulation.control.post("/_control/inbound", json=body)
    await simulation.quiet()
    (answer,) = simulation.listener.heard("message.received")
    shown = await simulation.control.get(answer["media"][0]["url"])
    assert (shown.content, shown.headers["content-type"]) == (b"GIF89a", "text/html")
    simulation.network.media.clear()
    assert (await simulation.control.get(answer["media"][0]["url"])).status_code == 404


@pytest.mark.parametrize("is_marked", [True, False])
async def test_a_group_text_is_told_to_each_number_of_ours_in_it(
    simulation: Any, is_marked: bool
) -> None:
    ours = [await simulation.number(await simulation.profile()) for _ in range(2)]
    to, cc = ["+12025550155", ours[0]], ["+12025550156", ours[1]]
    body = {"from": "+12025550142", "to": to, "cc": cc, "text": "Hi", "marked": is_marked}
    answer = await simulation.control.post("/_control/inbound", json=body)
    await simulation.quiet()
    heard = simulation.listener.heard("message.received")
    marks = [
        [each["phone_number"] for each in (*text["to"], *text["cc"]) if "deliv" in each["status"]]
        for text in heard
    ]
    assert (answer.status_code, sorted(marks)) == (
        202,
        sorted([number] for number in ours) if is_marked else [[], []],
    )
    assert {text["type"] for text in heard} == {"MMS"}
    assert [[each["phone_number"] for each in text["to"]] for text in heard] == [to, to]


async def say(simulation: Any, number: str, words: str) -> str | None:
    body = {"from": "+12025550142", "to": number, "text": words}
    answer = await simulation.control.post("/_control/inbound", json=body)
    await simulation.quiet()
    autoresponse: str | None = answer.json()["autoresponse"]
    return autoresponse
