"""Reports of Twilio that are unlike its documentation. They never say what a text costs."""

from collections.abc import Callable

from koinonia.devkit.carrier.reporting.dialects import Body, Oddities, Twist

Change = Callable[[Body], object]


def _field(**values: str) -> Change:
    return lambda form: form.update(values)


def _without(*names: str) -> Change:
    def change(form: Body) -> None:
        for name in names:
            form.pop(name, None)

    return change


ODD = (
    Twist("RawDlrDoneDate is garbage", _field(RawDlrDoneDate="99999999")),
    Twist("RawDlrDoneDate is empty", _field(RawDlrDoneDate="")),
    Twist("ErrorCode is empty", _field(ErrorCode="")),
    Twist("ErrorCode is a word", _field(ErrorCode="none")),
    Twist("a field nobody knows", _field(SomethingNew="")),
    Twist("From is missing", _without("From")),
    Twist("To is empty", _field(To="")),
    Twist("SmsSid is missing", _without("SmsSid")),
    Twist("SmsStatus is missing", _without("SmsStatus")),
    Twist("ApiVersion is missing", _without("ApiVersion")),
)

ILLEGIBLE = tuple(
    Twist(name, change, hides=("status",))
    for name, change in (
        ("a status nobody knows", _field(MessageStatus="teleported", SmsStatus="teleported")),
        ("no status", _without("MessageStatus", "SmsStatus")),
        ("no message", _without("MessageSid", "SmsSid")),
    )
)

UNKNOWN = (
    Twist("a status of another product", _field(MessageStatus="answered", SmsStatus="answered")),
)

ODDITIES = Oddities(ODD, (), ILLEGIBLE, UNKNOWN)
