"""Texts handed to the simulated carrier: accepted, refused, repeated."""

from typing import Any

import pytest


async def test_a_text_reaches_the_phone_once(simulation: Any) -> None:
    await simulation.send("+12025550142", "Sunday at ten")
    await simulation.quiet()
    (receipt,) = simulation.network.ledger.phones["+12025550142"].receipts
    assert (receipt.text, receipt.sender) == ("Sunday at ten", "+12025550190")


async def test_the_same_call_again_gets_the_same_answer_and_sends_nothing(simulation: Any) -> None:
    first = await simulation.send(key="msg:1")
    again = await simulation.send(key="msg:1")
    await simulation.quiet()
    assert first.content == again.content
    assert len(simulation.network.ledger.phones["+12025550142"].receipts) == 1


async def test_another_body_under_the_same_key_is_refused(simulation: Any) -> None:
    await simulation.send(key="msg:1", text="one")
    other = await simulation.send(key="msg:1", text="other")
    assert other.status_code == 422
    assert simulation.network.ledger.calls == {"accepted": 1, "10027": 1}


async def test_a_refused_call_may_be_corrected_under_its_key(simulation: Any) -> None:
    assert (await simulation.send(key="msg:1", to="+1")).status_code == 400
    assert (await simulation.send(key="msg:1")).status_code == 200


@pytest.mark.parametrize("key", ["", "a b", "é", "x" * 256])
async def test_a_key_of_another_form_is_refused(simulation: Any, key: str) -> None:
    headers = {"Idempotency-Key": key.encode()}
    answer = await simulation.api.post("/messages", content=b"{}", headers=headers)
    assert answer.json()["errors"][0]["code"] == "10015"


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer wrong", "Basic KEY0123"])
async def test_without_the_right_key_nothing_is_done(simulation: Any, authorization: str) -> None:
    headers = {"Authorization": authorization}
    answer = await simulation.api.post("/messages", content=b"{}", headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (401, "10009")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"to": None}, "10004"),
        ({"to": "2025550142"}, "10016"),
        ({"from": "GRACE"}, "40305"),
        ({"text": ""}, "40316"),
        ({"text": 5}, "10015"),
        ({"text": "x" * 1531}, "40302"),
        ({"media_urls": ["https://example.org/1.jpg"] * 11}, "40317"),
    ],
)
async def test_a_wrong_text_is_refused_with_its_code(
    simulation: Any, given: dict[str, Any], code: str
) -> None:
    answer = await simulation.send(**given)
    assert answer.json()["errors"][0]["code"] == code


async def test_a_body_that_is_no_object_is_refused(simulation: Any) -> None:
    answer = await simulation.api.post("/messages", content=b"[]")
    assert answer.json()["errors"][0]["code"] == "10015"


async def test_a_strict_carrier_refuses_numbers_it_did_not_sell(simulation: Any) -> None:
    simulation.network.behaviour.strict_senders = True
    answer = await simulation.send()
    assert answer.json()["errors"][0]["code"] == "40305"


async def test_a_number_of_another_profile_is_refused(simulation: Any) -> None:
    number = await simulation.number(await simulation.profile())
    answer = await simulation.send(**{"from": number, "messaging_profile_id": "another"})
    assert answer.json()["errors"][0]["code"] == "40305"


async def test_trouble_comes_in_the_given_shares(simulation: Any) -> None:
    simulation.network.behaviour.turn({"error_share": 0.3, "throttle_share": 0.3})
    answers = [await simulation.send(f"+12025550{number}") for number in range(100, 140)]
    assert {answer.status_code for answer in answers} == {200, 429, 500}


async def test_trouble_passes_when_the_call_is_repeated(simulation: Any) -> None:
    simulation.network.behaviour.error_share = 0.7
    statuses = [(await simulation.send(key="msg:1")).status_code for _ in range(40)]
    assert set(statuses) == {200, 500}
    assert simulation.network.ledger.calls["accepted"] == 1


async def test_a_lost_answer_is_found_again_by_repeating(simulation: Any) -> None:
    simulation.network.behaviour.lost_answer_share = 1.0
    lost = await simulation.send(key="msg:1")
    found = await simulation.send(key="msg:1")
    assert (lost.status_code, found.status_code) == (502, 200)
    assert simulation.network.ledger.calls["accepted"] == 1


async def test_a_text_can_be_looked_up(simulation: Any) -> None:
    sent = (await simulation.send()).json()["data"]
    await simulation.quiet()
    found = (await simulation.api.get(f"/messages/{sent['id']}")).json()["data"]
    assert (sent["to"][0]["status"], found["to"][0]["status"]) == ("queued", "delivered")


async def test_an_unknown_text_is_not_found(simulation: Any) -> None:
    assert (await simulation.api.get("/messages/none")).status_code == 404
