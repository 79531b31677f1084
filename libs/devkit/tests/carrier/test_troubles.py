"""Send calls that go wrong: what the caller sees, and what happened all the same."""

import time
from typing import Any

import httpx
import pytest

from koinonia.common.testing.eventually import eventually

PHONE = "+12025550142"
CUT = (httpx.NetworkError, httpx.RemoteProtocolError)


def received(simulation: Any, phone: str = PHONE) -> int:
    record = simulation.network.ledger.phones.get(phone)
    return len(record.receipts) if record else 0


async def test_a_throttled_call_is_told_when_to_come_back(simulation: Any) -> None:
    simulation.network.behaviour.turn({"throttle_share": 1.0, "retry_after": 3.0, "clock": 0.5})
    answer = await simulation.send()
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1.5")


async def test_a_throttled_call_may_be_told_nothing_else(simulation: Any) -> None:
    simulation.network.behaviour.turn({"bare_throttle_share": 1.0})
    answer = await simulation.send()
    assert answer.status_code == 429
    assert not {"retry-after", "x-ratelimit-reset"} & set(answer.headers)


async def test_gateways_answer_with_pages_even_where_they_say_all_is_well(simulation: Any) -> None:
    simulation.network.behaviour.turn({"html_share": 1.0})
    answers = [await simulation.send(f"+12025550{number}") for number in range(100, 140)]
    assert {answer.status_code for answer in answers} == {200, 502, 503, 504}
    assert all(answer.text.startswith("<html>") for answer in answers)
    assert simulation.network.texts == {}


async def test_a_reset_call_was_not_looked_at(simulation: Any) -> None:
    simulation.network.behaviour.turn({"reset_share": 1.0})
    with pytest.raises(CUT):
        await simulation.send()
    assert simulation.network.texts == {}


async def test_a_call_that_hangs_is_cut_in_the_end(simulation: Any) -> None:
    simulation.network.behaviour.turn({"hang_share": 1.0, "hang_seconds": 2.0, "clock": 0.05})
    asked = time.monotonic()
    with pytest.raises(CUT):
        await simulation.send()
    assert 0.1 <= time.monotonic() - asked < 2


async def test_who_gives_up_first_leaves_nothing_behind(simulation: Any) -> None:
    simulation.network.behaviour.turn({"lost_hang_share": 1.0, "hang_seconds": 60.0})
    with pytest.raises(httpx.ReadTimeout):
        await simulation.api.post("/messages", json=hello(), timeout=0.1)
    await simulation.quiet()
    assert received(simulation) == 1


@pytest.mark.parametrize("share", ["lost_answer_share", "lost_reset_share", "lost_hang_share"])
async def test_a_text_whose_answer_is_lost_arrives_once_however_often_it_is_asked_for(
    simulation: Any, share: str
) -> None:
    simulation.network.behaviour.turn({share: 1.0, "hang_seconds": 0.05})
    assert await said(simulation, "msg:1") in (502, None)
    assert await said(simulation, "msg:1") == 200
    await simulation.quiet()
    assert received(simulation) == 1


async def test_a_repeated_call_can_meet_trouble_as_well(simulation: Any) -> None:
    await said(simulation, "msg:1")
    simulation.network.behaviour.turn({"throttle_share": 1.0})
    assert await said(simulation, "msg:1") == 429
    assert simulation.network.ledger.calls == {"accepted": 1, "10011": 1}


async def test_a_refusal_nobody_has_heard_of_sends_nothing(simulation: Any) -> None:
    simulation.network.behaviour.turn({"strange_refusal_share": 1.0})
    answer = await simulation.send()
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "49999")
    assert simulation.network.texts == {}


async def test_a_stop_that_only_the_carrier_heard_blocks_from_then_on(simulation: Any) -> None:
    simulation.network.behaviour.turn({"stop_refusal_share": 1.0})
    refused = (await simulation.send()).json()["errors"][0]
    simulation.network.behaviour.turn({"stop_refusal_share": 0.0})
    assert (refused["code"], "block rule" in refused["detail"]) == ("40300", True)
    assert (await simulation.send(text="Something else")).status_code == 403


async def test_trouble_depends_on_phone_text_and_attempt_alone(simulation: Any) -> None:
    shares = ("error_share", "throttle_share", "html_share", "lost_answer_share")
    phones = [f"+12025550{number}" for number in range(100, 130)]

    async def seen(order: list[str]) -> dict[str, list[int]]:
        simulation.network.forget()
        simulation.network.behaviour.turn(dict.fromkeys(shares, 0.2))
        statuses: dict[str, list[int]] = {phone: [] for phone in phones}
        for phone in order:
            answer = await simulation.send(phone, key=f"msg:{phone}")
            statuses[phone].append(answer.status_code)
        return statuses

    assert await seen(phones + phones) == await seen(phones[::-1] + phones)


async def test_a_fast_clock_makes_everything_fast(simulation: Any) -> None:
    slow = dict.fromkeys(("send_latency", "sent_after", "final_after"), 10.0)
    simulation.network.behaviour.turn(slow | {"clock": 0.002})
    await simulation.send()
    await eventually(lambda: received(simulation), within=2)


def hello() -> dict[str, str]:
    return {"from": "+12025550190", "to": PHONE, "text": "Hello"}


async def said(simulation: Any, key: str) -> int | None:
    """The status of the answer, None where there is none."""
    try:
        status: int = (await simulation.send(key=key)).status_code
    except httpx.TransportError:
        return None
    return status
