"""The carrier's ledger beside Koinonia's rows: whatever is wrong is found."""

import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from koinonia.common.events.messaging import DeliveryStatus
from koinonia.devkit.carrier.verification import checks
from koinonia.devkit.carrier.verification.books import Books, Message, Row, Subscription
from koinonia.devkit.carrier.verification.carried_texts import Carried
from koinonia.devkit.carrier.verification.checks import Evidence

CHURCH, MESSAGE, RECIPIENT = UUID(int=1), UUID(int=2), UUID(int=3)
PRICE = Decimal("0.0051")
NONE = dict.fromkeys(DeliveryStatus, 0)


def statement(
    event: str, status: str | None, taken: bool | None = True, **given: Any
) -> dict[str, Any]:
    return {
        "event": event,
        "status": status,
        "parts": 1,
        "cost": str(PRICE),
        "taken": taken,
    } | given


def text(*statements: dict[str, Any], outcome: str | None = "delivered", **given: Any) -> Carried:
    shown = {
        "id": "m1",
        "carrier": "telnyx",
        "to": "+12025550142",
        "key": f"msg:{RECIPIENT}",
        "reference": {"church": str(CHURCH), "recipient": str(RECIPIENT)},
        "outcome": outcome,
        "parts": 1,
        "cost": str(PRICE),
        "told": [statement("answer", "queued", None), *statements],
    }
    return Carried.from_json(shown | given)


SENT = statement("message.sent", "sent")
DELIVERED = statement("message.finalized", "delivered")
FAILED = statement("message.finalized", "undelivered")
ROW = Row(RECIPIENT, MESSAGE, DeliveryStatus.DELIVERED, "m1", 1, 1, 1, PRICE)
MESSAGE_OF_ONE = Message(
    id=MESSAGE,
    church_id=CHURCH,
    status="completed",
    total=1,
    counts=NONE | {DeliveryStatus.DELIVERED: 1},
    parts_billed=1,
    cost=PRICE,
    used_parts=1,
    used_cost=PRICE,
    reservation="closed",
    consumed=1,
)
USED = Subscription(CHURCH, used_parts=1, entered_parts=1)
GOOD = Evidence([text(SENT, DELIVERED)], Books([ROW], [MESSAGE_OF_ONE], [USED]))


def broken(evidence: Evidence) -> set[str]:
    return {check.promise for check in checks.all_checks(evidence) if check.wrong}


def with_row(**changes: Any) -> Evidence:
    return replace(GOOD, books=replace(GOOD.books, rows=[replace(ROW, **changes)]))


def with_message(**changes: Any) -> Evidence:
    messages = [replace(MESSAGE_OF_ONE, **changes)]
    return replace(GOOD, books=replace(GOOD.books, messages=messages))


def test_where_all_agrees_nothing_is_wrong() -> None:
    assert broken(GOOD) == set()


@pytest.mark.parametrize(
    ("evidence", "promise"),
    [
        (replace(GOOD, carried=[*GOOD.carried, text(DELIVERED, id="m2")]), "one text"),
        (replace(GOOD, carried=[text(DELIVERED, id="m2")]), "accounted for"),
        (replace(GOOD, carried=[text(DELIVERED, reference={}, key="")]), "accounted for"),
        (with_row(status=DeliveryStatus.SKIPPED, parts_billed=0), "accounted for"),
        (with_row(status=DeliveryStatus.SENDING, carrier_message_id=None), "accounted for"),
        (replace(GOOD, carried=[]), "did not take"),
        (with_row(status=DeliveryStatus.FAILED, parts_billed=0), "the truth allows"),
        (with_row(status=DeliveryStatus.SENT), "went back"),
        (with_row(status=DeliveryStatus.SENT), "without a reason"),
        (with_message(status="sending"), "without a reason"),
        (with_message(counts=NONE | {DeliveryStatus.FAILED: 1}), "counters"),
        (with_message(total=2), "counters"),
        (with_row(parts_billed=2), "parts billed"),
        (with_row(cost=Decimal("0.0102")), "cost is"),
        (with_message(used_parts=2), "adds up"),
        (with_message(used_cost=None), "adds up"),
        (with_message(reservation="open"), "adds up"),
        (
            replace(GOOD, books=replace(GOOD.books, subscriptions=[replace(USED, used_parts=2)])),
            "adds up",
        ),
    ],
)
def test_a_broken_promise_is_named(evidence: Evidence, promise: str) -> None:
    assert any(promise in each for each in broken(evidence))


@pytest.mark.parametrize(
    ("carried", "allowed"),
    [
        (text(SENT, DELIVERED), {"delivered"}),
        (text(SENT, DELIVERED, FAILED), {"delivered"}),
        (text(SENT, FAILED, outcome="undelivered"), {"failed"}),
        (text(SENT), {"sent", "unconfirmed", "delivered"}),
        (text(), {"sending", "unconfirmed", "delivered"}),
        (text(SENT, outcome=None), {"sent", "unconfirmed"}),
        (text(SENT, statement("message.finalized", None)), {"sent", "unconfirmed", "delivered"}),
        (text(SENT, DELIVERED | {"taken": None}), {"sent", "unconfirmed", "delivered"}),
        (
            text(SENT, FAILED, DELIVERED | {"taken": None}),
            {"failed", "delivered"},
        ),
    ],
)
def test_what_was_taken_is_binding_and_what_is_so_is_allowed(
    carried: Carried, allowed: set[str]
) -> None:
    assert carried.statuses == allowed


@pytest.mark.parametrize(
    ("statements", "parts"),
    [
        ([SENT, DELIVERED | {"parts": 2}], {2}),
        ([SENT, DELIVERED | {"parts": None}], {1, 2}),
        ([SENT, DELIVERED | {"parts": 2}, DELIVERED | {"parts": None}], {1, 2}),
        ([SENT], {1}),
        ([], {1, 2}),
        ([SENT, DELIVERED | {"parts": 2, "taken": None}], {1, 2}),
        ([SENT, FAILED | {"taken": None}], {1}),
    ],
)
def test_the_last_binding_status_decides_the_parts_where_it_is_legible(
    statements: list[dict[str, Any]], parts: set[int]
) -> None:
    assert text(*statements, parts=2).possible_parts == parts


def test_a_text_that_nothing_ended_may_be_waited_for() -> None:
    open_row = replace(ROW, status=DeliveryStatus.SENT)
    message = replace(MESSAGE_OF_ONE, status="sending", reservation="open")
    waits = replace(message, counts=NONE | {DeliveryStatus.SENT: 1})
    assert broken(Evidence([text(SENT)], Books([open_row], [waits], [USED]))) == set()


def tool(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [str(Path(sys.executable).with_name("koinonia-carrier")), "verify", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_the_tool_says_when_it_cannot_ask() -> None:
    nobody = "http://127.0.0.1:9"
    ended = tool(f"--carrier-url={nobody}", "--database-url=postgresql://127.0.0.1:9/none")
    assert (ended.returncode, "Cannot compare" in ended.stderr) == (2, True)


def test_the_tool_wants_a_church_by_its_id() -> None:
    ended = tool("--carrier-url=http://x", "--database-url=postgresql://x", "--church=Grace")
    assert ended.returncode == 2
    assert "--church" in ended.stderr


async def test_the_carrier_tells_its_texts_by_church(simulation: Any) -> None:
    churches = [uuid4(), uuid4()]
    for church in churches:
        url = f"{simulation.listener.url}/status?church={church}&recipient={RECIPIENT}"
        await simulation.send(webhook_url=url)
    await simulation.quiet()
    answer = await simulation.control.get("/_control/texts", params={"church": str(churches[0])})
    [shown] = answer.json()["texts"]
    found = Carried.from_json(shown)
    assert (found.church, found.recipient) == (churches[0], RECIPIENT)
    assert (found.statuses, found.is_settled) == ({DeliveryStatus.DELIVERED}, True)
