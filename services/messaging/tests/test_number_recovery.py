"""Numbers that lost what connects them: found within the hour, relinked, or told to staff."""

import asyncio
from collections import Counter
from typing import Any
from uuid import uuid4

import pytest

from koinonia.carriers.failures import Failure
from koinonia.common import clock
from koinonia.common.events.messaging import NumberConnection
from koinonia.common.identity import Role
from koinonia.common.testing import service
from koinonia.common.throttle import Throttle
from koinonia.devkit.carrier.state import losses
from koinonia.devkit.carrier.state.losses import Shares
from koinonia.devkit.carrier.state.numbers import Profile
from koinonia.devkit.carrier.telnyx.dialect import telnyx_of
from koinonia.messaging.broadcasts.controls import pauses
from koinonia.messaging.numbers.connections import PROBLEMS
from koinonia.messaging.program import PROGRAM
from koinonia.messaging.recovery import number_calls, number_recovery, number_sweep

from .number_keeper import HOUR, PATH, Keeper, keeper, order

__all__ = ["keeper"]

LOSSES = {
    "profile": Shares(profiles=1.0),
    "webhook": Shares(webhooks=1.0),
}


def lose(keeper: Keeper, shares: Shares) -> losses.Lost:
    return losses.lose(keeper.network.numbers, keeper.network.dice, shares)


def delete_profiles(keeper: Keeper) -> None:
    """Somebody deletes all of them in the carrier's portal."""
    keeper.network.numbers.profiles.clear()
    keeper.network.answers.clear()
    keeper.order.profile_id = None


def is_connected(keeper: Keeper) -> bool:
    """At the carrier, whatever we believe."""
    profile = keeper.network.numbers.profiles.get(keeper.order.profile_id or "")
    url = f"{keeper.stage.running.settings.webhooks_origin}/api/webhooks/telnyx/mms"
    return profile is not None and profile.webhook_url == url


async def test_a_number_that_is_as_it_should_be_is_seen_and_left_alone(keeper: Keeper) -> None:
    await keeper.sweep()
    number = await keeper.number()
    assert (number["connection"], number["connectionProblem"]) == ("connected", None)
    assert number["checkedAt"] is not None
    assert await keeper.told() == []


@pytest.mark.parametrize("shares", LOSSES.values(), ids=LOSSES)
async def test_what_a_number_lost_is_put_back_within_the_hour(
    keeper: Keeper, shares: Shares
) -> None:
    lose(keeper, shares)
    assert not is_connected(keeper)
    await keeper.sweep()
    assert is_connected(keeper)
    assert (await keeper.number())["connection"] == "connected"
    assert await keeper.told() == ["relinking", "connected"]
    assert len(keeper.network.numbers.orders) == 1


async def test_a_new_address_of_the_ingress_is_told_to_the_carrier_within_the_hour(
    keeper: Keeper,
) -> None:
    running = keeper.stage.running
    moved = {"webhooks_url": "https://hooks.example.org"}
    running.settings = running.settings.model_copy(update=moved)
    assert not is_connected(keeper)
    await keeper.sweep()
    assert is_connected(keeper)
    assert await keeper.told() == ["relinking", "connected"]


async def test_a_profile_that_was_deleted_is_made_again_and_used(keeper: Keeper) -> None:
    await keeper.stage.members(3)
    delete_profiles(keeper)
    await keeper.sweep()
    assert is_connected(keeper)
    message_id = await keeper.stage.started()
    await keeper.stage.work()
    assert await keeper.stage.counted(message_id) == {"sending": 3}


async def test_a_broadcast_waits_for_its_number_and_each_text_leaves_once(keeper: Keeper) -> None:
    await keeper.stage.members(30)
    lose(keeper, Shares(profiles=1.0))
    message_id = await keeper.stage.started()
    await keeper.stage.work()
    waiting = await keeper.stage.message(message_id)
    assert (waiting.status, waiting.pause_code) == ("paused", "misconfigured")

    await keeper.wait()
    await keeper.check()  # the refusal itself called for it: no hour passed
    await keeper.stage.work()

    assert len({text.to for text in keeper.network.texts.values()}) == 30
    assert len(keeper.network.texts) == 30
    assert await keeper.stage.counted(message_id) == {"sending": 30}


async def test_a_profile_lost_in_the_middle_of_a_broadcast_costs_no_text(keeper: Keeper) -> None:
    await keeper.stage.members(120)
    message_id = await keeper.stage.started()
    await keeper.stage.hear(*await keeper.stage.released())
    lose(keeper, Shares(profiles=1.0))
    delete_profiles(keeper)
    await keeper.stage.work()
    await keeper.wait()
    await keeper.check()
    await keeper.stage.work()
    await keeper.stage.arrivals()
    assert await keeper.stage.counted(message_id) == {"delivered": 120}
    received = Counter(text.to for text in keeper.network.texts.values())
    assert set(received.values()) == {1}


async def test_a_message_that_is_paused_after_the_relinking_goes_on_too(keeper: Keeper) -> None:
    await keeper.stage.members(1)
    lose(keeper, Shares(profiles=1.0))
    message_id = await keeper.stage.started()
    await keeper.sweep()  # restored before the worker records its refusal
    async with keeper.stage.running.database.transaction(keeper.stage.church_id) as session:
        await _pause(session, keeper, message_id)
    await keeper.wait()
    await keeper.check()
    assert (await keeper.stage.message(message_id)).status == "sending"


async def test_what_staff_paused_stays_paused(keeper: Keeper) -> None:
    await keeper.stage.members(1)
    message_id = await keeper.stage.started()
    await keeper.api.post(f"/api/messages/{message_id}/pause")
    lose(keeper, Shares(profiles=1.0))
    await keeper.sweep()
    assert (await keeper.stage.message(message_id)).status == "paused"


async def test_texts_that_are_refused_though_the_number_is_right_do_not_go_round_for_ever(
    keeper: Keeper,
) -> None:
    await keeper.stage.members(1)
    message_id = await keeper.stage.started()
    async with keeper.stage.running.database.transaction(keeper.stage.church_id) as session:
        await _pause(session, keeper, message_id)
    await keeper.wait()
    await keeper.check()
    assert (await keeper.stage.message(message_id)).status == "paused"


async def _pause(session: Any, keeper: Keeper, message_id: Any) -> None:
    church_id = keeper.stage.church_id
    with clock.shift(keeper.elapsed):
        await pauses.pause_for_failure(session, church_id, message_id, Failure.MISCONFIGURED)


async def test_a_number_that_the_carrier_has_no_more_is_lost_after_a_second_look(
    keeper: Keeper,
) -> None:
    await keeper.stage.members(2)
    message_id = await keeper.stage.started()
    lose(keeper, Shares(numbers=1.0))
    await keeper.stage.work()
    await keeper.sweep()
    assert (await keeper.number())["connection"] == "relinking"
    await keeper.wait()
    await keeper.check()
    number = await keeper.number()
    assert number["connection"] == "lost"
    assert number["connectionProblem"] == PROBLEMS[NumberConnection.LOST]
    waiting = await keeper.stage.message(message_id)
    assert waiting.pause_reason == PROBLEMS[NumberConnection.LOST]
    assert not keeper.network.numbers.owned  # nothing was bought in its place


async def lost(keeper: Keeper) -> str:
    """The church's number, after the carrier lost it and we found out."""
    phone_number = keeper.order.phone_number
    lose(keeper, Shares(numbers=1.0))
    await keeper.sweep()
    await keeper.wait()
    await keeper.check()
    return phone_number


async def test_a_lost_number_sends_nothing_new_and_says_what_to_do(keeper: Keeper) -> None:
    await keeper.stage.members(1)
    phone_number = await lost(keeper)
    number_id = (await keeper.number())["id"]
    asked = {"content": "Hello", "targetType": "all", "fromNumberId": number_id}
    named = await keeper.api.post("/api/messages/send", json=asked)
    usual = await keeper.api.post(
        "/api/messages/send", json={"content": "Hello", "targetType": "all"}
    )
    assert (named.status_code, named.json()["error"]["code"]) == (409, "NUMBER_DISCONNECTED")
    assert named.json()["error"]["message"] == PROBLEMS[NumberConnection.LOST]
    assert (usual.status_code, usual.json()["error"]["code"]) == (409, "NO_ACTIVE_NUMBER")
    assert phone_number not in keeper.network.numbers.owned


async def test_a_lost_number_does_not_eat_the_plan(keeper: Keeper) -> None:
    refused = await keeper.api.post(PATH, json={"areaCode": "312"})
    assert refused.json()["error"]["code"] == "NUMBER_LIMIT_REACHED"
    await lost(keeper)
    await order(keeper.stage, keeper.api)
    shown = (await keeper.api.get(PATH)).json()["data"]
    assert [each["connection"] for each in shown] == ["connected", "lost"]


async def test_a_lost_number_can_be_given_up(keeper: Keeper) -> None:
    await lost(keeper)
    number_id = (await keeper.number())["id"]
    assert (await keeper.api.delete(f"{PATH}/{number_id}")).status_code == 204
    rows = await keeper.stage.query("SELECT * FROM number_checks")
    assert rows == []


async def test_a_lost_number_that_comes_back_is_relinked(keeper: Keeper) -> None:
    phone_number = await lost(keeper)
    keeper.network.numbers.bring_back(phone_number)
    await keeper.wait(HOUR)
    await keeper.check()
    assert is_connected(keeper)
    assert (await keeper.number())["connection"] == "connected"


async def test_a_number_in_the_profile_of_another_church_is_left_alone(keeper: Keeper) -> None:
    other = Profile(f"Hope Hall ({uuid4()})", "https://hope.example", ["US"], "telnyx")
    keeper.network.numbers.profiles[other.id] = other
    keeper.order.profile_id = other.id
    await keeper.sweep()
    number = await keeper.number()
    assert number["connection"] == "held_elsewhere"
    assert number["connectionProblem"] == PROBLEMS[NumberConnection.HELD_ELSEWHERE]
    assert keeper.order.profile_id == other.id


async def test_a_number_that_was_given_up_meanwhile_is_not_touched(keeper: Keeper) -> None:
    lose(keeper, Shares(profiles=1.0))
    with clock.shift(HOUR):
        await number_sweep.sweep(keeper.stage.running)
    number_id = (await keeper.number())["id"]
    await keeper.api.delete(f"{PATH}/{number_id}")
    await keeper.wait(HOUR)
    await keeper.check()
    assert keeper.order.profile_id is None


STEPS = ("held_number", "ensure_profile", "connect")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("is_done", [False, True], ids=["before", "after"])
async def test_a_worker_that_dies_between_two_steps_is_followed_by_another(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch, step: str, is_done: bool
) -> None:
    await keeper.stage.members(5)
    lose(keeper, Shares(profiles=1.0))
    message_id = await keeper.stage.started()
    await keeper.stage.work()
    carrier = keeper.stage.running.carriers["telnyx"]
    real = getattr(carrier, step)

    async def dies(*given: Any) -> Any:
        if is_done:
            await real(*given)
        raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        patched.setattr(type(carrier), step, lambda self, *given: dies(*given))
        await keeper.wait()
        with pytest.raises(asyncio.CancelledError):
            await keeper.check()
    await keeper.wait(HOUR)
    await keeper.check()
    await keeper.stage.work()
    assert is_connected(keeper)
    assert await keeper.stage.counted(message_id) == {"sending": 5}
    assert len(keeper.network.numbers.profiles) == 1


async def test_a_carrier_that_does_not_answer_says_nothing_about_its_numbers(
    keeper: Keeper,
) -> None:
    telnyx_of(keeper.network).api_key = "another key"
    await keeper.sweep()
    number_id = (await keeper.number())["id"]
    asked = await keeper.api.post(f"{PATH}/{number_id}/check")
    assert (asked.status_code, asked.json()["error"]["code"]) == (503, "CARRIER_UNAVAILABLE")
    assert (await keeper.number())["connection"] == "connected"
    assert await keeper.told() == []


async def test_two_workers_sweep_once(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    lists = 0
    carrier = keeper.stage.running.carriers["telnyx"]
    real = carrier.held_numbers

    def counted(self: Any, turn: Any) -> Any:
        nonlocal lists
        lists += 1
        return real(turn)

    monkeypatch.setattr(type(carrier), "held_numbers", counted)
    with clock.shift(HOUR):
        await asyncio.gather(*(number_sweep.sweep(keeper.stage.running) for _ in range(3)))
    assert lists == 1


async def test_two_workers_check_a_number_once(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose(keeper, Shares(profiles=1.0))
    with clock.shift(HOUR):
        await number_sweep.sweep(keeper.stage.running)
        await asyncio.gather(*(number_recovery.check_due(keeper.stage.running) for _ in range(3)))
    assert await keeper.told() == ["relinking", "connected"]


async def test_staff_check_a_number_now_and_not_again_at_once(keeper: Keeper) -> None:
    lose(keeper, Shares(webhooks=1.0))
    number_id = (await keeper.number())["id"]
    first = await keeper.api.post(f"{PATH}/{number_id}/check")
    again = await keeper.api.post(f"{PATH}/{number_id}/check")
    assert (first.status_code, first.json()["connection"]) == (200, "connected")
    assert is_connected(keeper)
    assert (again.status_code, again.json()["error"]["code"]) == (429, "NUMBER_CHECKED_JUST_NOW")
    assert again.headers["Retry-After"] == "30"


async def test_only_staff_check_their_own_numbers(keeper: Keeper) -> None:
    number_id = (await keeper.number())["id"]
    running, church_id = keeper.stage.running, keeper.stage.church_id
    for church, role, status in ((church_id, Role.VIEWER, 403), (uuid4(), Role.OWNER, 404)):
        async with service.client(PROGRAM, running, service.token(church, role)) as stranger:
            assert (await stranger.post(f"{PATH}/{number_id}/check")).status_code == status


async def test_calls_about_numbers_are_paced(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = keeper.stage.running.settings
    keeper.stage.running.settings = settings.model_copy(update={"number_calls_per_minute": 0.1})
    keeper.stage.running.throttle = Throttle(str(settings.redis_url.get_secret_value()), "slow")
    monkeypatch.setattr(number_calls, "PATIENCE_SECONDS", 0.0)
    await keeper.sweep()  # one call is given, the list has two pages
    await keeper.stage.running.throttle.close()
    assert (await keeper.number())["checkedAt"] is None
    assert await keeper.told() == []


async def test_no_log_line_has_the_number(
    keeper: Keeper, capsys: pytest.CaptureFixture[str]
) -> None:
    phone_number = await lost(keeper)
    printed = capsys.readouterr()
    assert "number.connection_changed" in printed.out + printed.err
    assert phone_number not in printed.out + printed.err
