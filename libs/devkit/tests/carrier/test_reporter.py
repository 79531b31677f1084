"""What a webhook is told under trouble, and what the ledger knows to be so."""

import contextlib
from itertools import product
from typing import Any

import httpx
import orjson
import pytest

from koinonia.carriers.contract import StatusReport, Unknown
from koinonia.carriers.telnyx import events
from koinonia.devkit.carrier.state.texts import Status
from koinonia.devkit.carrier.telnyx.dialect import telnyx_of
from koinonia.devkit.carrier.telnyx.oddities import ILLEGIBLE, ODD, ODD_COST

PHONE = "+12025550142"
PHONES = [f"+12025550{number}" for number in range(100, 140)]


async def reported_events(simulation: Any, **knobs: Any) -> list[tuple[str, str]]:
    """Event and status of each report about one text, in the order of their arrival."""
    simulation.network.behaviour.turn({"late_seconds": 0.1, "final_after": 0.02} | knobs)
    await simulation.send(PHONE)
    await simulation.quiet()
    reported = [report["data"] for report in simulation.listener.reports]
    return [(e["event_type"], e["payload"]["to"][0]["status"]) for e in reported]


SENT = ("message.sent", "sent")
DELIVERED = ("message.finalized", "delivered")
FAILED = ("message.finalized", "delivery_failed")


async def test_a_swapped_text_is_reported_sent_at_the_end(simulation: Any) -> None:
    assert await reported_events(simulation, swap_share=1.0) == [DELIVERED, SENT]


async def test_a_regressing_text_is_reported_sent_once_more(simulation: Any) -> None:
    assert await reported_events(simulation, regress_share=1.0) == [SENT, DELIVERED, SENT]


async def test_a_false_failure_follows_the_truth(simulation: Any) -> None:
    assert await reported_events(simulation, false_failure_share=1.0) == [SENT, DELIVERED, FAILED]
    assert truth(simulation) == (Status.DELIVERED, 1)


async def test_a_hasty_failure_precedes_the_truth(simulation: Any) -> None:
    first, hasty, last = await reported_events(simulation, hasty_failure_share=1.0)
    assert (first, last) == (SENT, DELIVERED)
    assert hasty[1] in ("delivery_failed", "delivery_unconfirmed")
    assert truth(simulation) == (Status.DELIVERED, 1)


async def test_an_echo_has_an_id_of_its_own(simulation: Any) -> None:
    assert sorted(await reported_events(simulation, echo_share=1.0)) == sorted(
        [SENT, DELIVERED] * 2
    )
    assert len({report["data"]["id"] for report in simulation.listener.reports}) == 4


async def test_what_is_dropped_is_never_told_and_yet_true(simulation: Any) -> None:
    assert await reported_events(simulation, drop_share=1.0) == []
    assert truth(simulation) == (Status.DELIVERED, 1)
    assert simulation.network.ledger.reports == {"dropped": 2}


async def test_a_late_report_comes_all_the_same(simulation: Any) -> None:
    assert sorted(await reported_events(simulation, late_share=1.0)) == sorted([SENT, DELIVERED])


@pytest.mark.parametrize("until", ["message.sent", "message.finalized"])
async def test_an_early_text_is_reported_before_its_call_is_answered(
    simulation: Any, until: str
) -> None:
    simulation.network.behaviour.turn({"early_share": 1.0, "final_after": 0.05})
    seen = {}
    for phone in PHONES:
        sent = (await simulation.send(phone)).json()["data"]["id"]
        seen[sent] = [p["id"] for p in simulation.listener.heard(until)]
    waited = [sent for sent, heard in seen.items() if sent in heard]
    assert len(waited) == len(PHONES) if until == "message.sent" else 5 < len(waited) < 35


async def test_an_unknown_event_comes_besides(simulation: Any) -> None:
    names = [event for event, _ in await reported_events(simulation, unknown_share=1.0)]
    assert len(names) == 4
    assert set(names) > {"message.sent", "message.finalized"}


async def test_odd_reports_can_be_understood_and_illegible_ones_not(simulation: Any) -> None:
    for share in ("odd_share", "illegible_share"):
        simulation.network.behaviour.turn({"odd_share": 0.0, "odd_cost_share": 1.0, share: 1.0})
        for phone in PHONES:
            await simulation.send(phone, text=share)
        await simulation.quiet()
        parsed = [events.event(body, b"") for body in simulation.listener.reports]
        simulation.listener.reports.clear()
        kind = StatusReport if share == "odd_share" else Unknown
        understood = [each for each in parsed if isinstance(each, kind)]
        # Where ``to`` is unreadable, ``message.sent`` still says what it is.
        assert len(understood) == len(parsed) or share == "illegible_share"
        assert len(understood) > len(parsed) * 0.7


async def test_the_ledger_knows_what_could_be_understood(simulation: Any) -> None:
    simulation.network.behaviour.turn({"odd_cost_share": 1.0, "odd_share": 0.5})
    for phone in PHONES:
        await simulation.send(phone)
    await simulation.quiet()
    parsed = [events.event(body, b"") for body in simulation.listener.reports]
    understood = [each for each in parsed if isinstance(each, StatusReport)]
    heard = sorted((each.status, each.parts or 0, float(each.cost or 0)) for each in understood)
    reports = [t for text in simulation.network.texts.values() for t in text.told[1:]]
    assert all(statement.taken for statement in reports)
    assert heard == sorted((t.status, t.parts or 0, float(t.cost or 0)) for t in reports)


async def test_a_report_that_nobody_took_is_not_known_to_be_told(simulation: Any) -> None:
    simulation.listener.statuses = [503] * 6
    await reported_events(simulation)
    text = simulation.network.texts.popitem()[1]
    assert [statement.taken for statement in text.told] == [None, None, None]


async def test_parts_may_be_more_than_the_characters_ask_for_and_grow_at_the_end(
    simulation: Any,
) -> None:
    simulation.network.behaviour.turn({"extra_part_share": 1.0, "recount_share": 1.0})
    answer = (await simulation.send()).json()["data"]
    await simulation.quiet()
    [sent], [last] = (simulation.listener.heard(f"message.{e}") for e in ("sent", "finalized"))
    assert [each["parts"] for each in (answer, sent, last)] == [2, 2, 3]
    assert last["cost"]["amount"] == "0.0153"


@pytest.mark.parametrize(
    ("share", "code"), [("strange_failure_share", "49999"), ("stop_failure_share", "40300")]
)
async def test_a_failure_can_be_strange_or_a_stop(simulation: Any, share: str, code: str) -> None:
    await reported_events(simulation, fail_share=1.0, **{share: 1.0})
    [last] = simulation.listener.heard("message.finalized")
    assert last["errors"][0]["code"] == code
    assert truth(simulation) == (Status.UNDELIVERED, 0)


async def test_what_is_told_depends_on_phone_and_text_alone(simulation: Any) -> None:
    async def tellings(phones: list[str]) -> dict[str, Any]:
        simulation.network.forget()
        await simulation.control.post(
            "/_control/behaviour", json={"preset": "hostile", "clock": 0.01}
        )
        for phone in phones:
            for _ in range(5):
                with contextlib.suppress(httpx.TransportError):
                    await simulation.send(phone, key=f"msg:{phone}")
        await simulation.quiet()
        return {
            text.to: sorted((t.event, str(t.status), str(t.parts), str(t.cost)) for t in text.told)
            for text in simulation.network.texts.values()
        }

    assert await tellings(PHONES) == await tellings(PHONES[::-1])


def truth(simulation: Any) -> tuple[Status, int]:
    [text] = simulation.network.texts.values()
    record = simulation.network.ledger.phones[PHONE]
    return text.status, len(record.receipts)


async def test_a_report_can_be_odd_in_all_ways_at_once(simulation: Any) -> None:
    await simulation.send(PHONE)
    await simulation.quiet()
    [text] = simulation.network.texts.values()
    for twists in product(ODD, ODD_COST, ILLEGIBLE):
        _, body = telnyx_of(simulation.network).finished(text, twists).call("", 1)
        parsed = events.event(orjson.loads(body), b"")
        assert isinstance(parsed, Unknown), [twist.name for twist in twists]
