"""Reports of Telnyx that are unlike its documentation, most of them seen in its own examples."""

from collections.abc import Callable

from koinonia.devkit.carrier.reporting.dialects import Body, Oddities, Twist

Change = Callable[[Body], object]


def _event(name: str, value: object) -> Change:
    return lambda data: data.update({name: value})


def _payload(name: str, value: object) -> Change:
    return lambda data: data["payload"].update({name: value})


def _cost(change: Callable[[str], object]) -> Change:
    return lambda data: _payload("cost", change(data["payload"]["cost"]["amount"]))(data)


def _amount(change: Callable[[str], object]) -> Change:
    return _cost(lambda amount: {"amount": change(amount), "currency": "USD"})


def _status(word: object) -> Change:
    def change(data: Body) -> None:
        to = data["payload"]["to"]  # perhaps odd already: one object, or a stranger first
        (to[-1] if isinstance(to, list) else to).update(status=word)

    return change


def _error(change: Callable[[Body], object]) -> Change:
    return lambda data: _payload("errors", [change(e) for e in data["payload"]["errors"]])(data)


def _without(name: str) -> Change:
    return lambda data: data.pop(name, None)


def _from_one(data: Body) -> None:
    data["payload"]["to"] = data["payload"]["to"][0]


def _not_first(data: Body) -> None:
    data["payload"]["to"].insert(0, {"phone_number": "+12025550199", "carrier": None})


ODD = (
    Twist("to is one object", _from_one),
    Twist("the phone is not the first in to", _not_first),
    Twist("from is a string", lambda data: _payload("from", data["payload"]["to"])(data)),
    Twist("from is null", _payload("from", None)),
    Twist("from has no phone", _payload("from", {"carrier": None, "line_type": ""})),
    Twist("cc holds strings", _payload("cc", ["+12025550198", "+12025550199"])),
    Twist("cc is null", _payload("cc", None)),
    Twist("errors is null", _payload("errors", None)),
    Twist("errors is an object", _payload("errors", {"title": "Undeliverable"})),
    Twist("a code is a number", _error(lambda error: error | {"code": int(error["code"])})),
    Twist("an error is a string", _error(lambda error: error["title"])),
    Twist("type is null", _payload("type", None)),
    Twist("text is null", _payload("text", None)),
    Twist("media is null", _payload("media", None)),
    Twist("completed_at is a number", _payload("completed_at", 1_764_000_000)),
    Twist("a field nobody knows", _payload("wait_seconds", {"left": [None]})),
    Twist("parts is a string", _payload("parts", "1"), hides=("parts",)),
    Twist("parts is a fraction", _payload("parts", 1.5), hides=("parts",)),
    Twist("parts is null", _payload("parts", None), hides=("parts",)),
    Twist("parts is negative", _payload("parts", -1), hides=("parts",)),
    Twist("occurred_at is missing", _without("occurred_at")),
    Twist("occurred_at is a word", _event("occurred_at", "date-time")),
    Twist("occurred_at is a number", _event("occurred_at", 1_764_000_000.5)),
    Twist("record_type is missing", _without("record_type")),
    Twist("the event has no id", _without("id")),
)

ODD_COST = (
    Twist("the amount is a number", _amount(float)),
    Twist("the amount has five places", _amount(lambda amount: f"{amount}0")),
    Twist("cost is a string", _cost(str)),
    Twist("cost is a number", _cost(float)),
    Twist("cost is null", _cost(lambda _: None), hides=("cost",)),
    Twist("the amount is null", _amount(lambda _: None), hides=("cost",)),
    Twist("the amount is a word", _amount(lambda _: "free"), hides=("cost",)),
)

ILLEGIBLE = tuple(
    Twist(name, change, hides=("status", "parts", "cost"))
    for name, change in (
        ("a status nobody knows", _status("teleported")),
        ("the status is a number", _status(3)),
        ("to is a string", _payload("to", "+12025550199")),
        ("to is null", _payload("to", None)),
        ("to is empty", _payload("to", [])),
        ("the message has no id", lambda data: data["payload"].pop("id")),
        ("the message is no text", _payload("type", "RCS")),
        ("the payload is a list", lambda data: data.update(payload=[data["payload"]])),
        ("the event has no type", _without("event_type")),
    )
)

UNKNOWN = (
    Twist("an event nobody knows", _event("event_type", "message.teleported")),
    Twist("an event of another product", _event("event_type", "call.hangup")),
)

ODDITIES = Oddities(ODD, ODD_COST, ILLEGIBLE, UNKNOWN)
