"""Twilio's error codes in our words, and its refusals as failures.

The same codes come with a refused call and as ``ErrorCode`` of a report. The code decides; the
HTTP status only where there is no code we know. Source: Twilio "Error and Warning Dictionary".
"""

from koinonia.carriers import http, reading
from koinonia.carriers.failures import CarrierFailure, Failure
from koinonia.carriers.http import Answer

CODES_BY_FAILURE: dict[Failure, tuple[str, ...]] = {
    Failure.INVALID_NUMBER: ("21211", "21217", "30005"),
    Failure.NOT_TEXTABLE: ("21265", "21268", "21612", "21614", "21635", "30006", "30011"),
    # Pausing the church here would let one member abroad stop everybody's texts.
    Failure.REGION_NOT_ALLOWED: ("21408",),
    Failure.OPTED_OUT: ("21610",),
    Failure.UNREACHABLE: ("30003", "30410"),
    Failure.REFUSED: ("30004",),
    Failure.EXPIRED: ("30036",),
    Failure.LOOP: ("14107", "21266", "30039"),
    Failure.CONTENT_BLOCKED: ("30007", "30038"),
    Failure.TOO_LONG: ("21617", "21658"),
    Failure.BAD_MEDIA: ("11200", "11751", "12300", "21620", "21623", "30019", "63019"),
    Failure.NETWORK_LIMIT: ("30017", "30022", "30023", "30027"),
    Failure.THROTTLED: ("20429", "21611", "30001"),
    Failure.CARRIER_TROUBLE: ("20500", "20503", "30500"),
    Failure.SENDER_ON_HOLD: ("30024", "30035"),
    Failure.NOT_REGISTERED: ("21717", "30032", "30033", "30034"),
    Failure.MISCONFIGURED: (
        *("21212", "21601", "21606", "21608", "21621", "21659", "21660", "21661"),
        *("21701", "21703", "21704", "21705", "21712", "21715", "30037"),
    ),
    Failure.SPEND_LIMIT: ("30010", "63038"),
    Failure.ACCOUNT: ("10001", "20003", "20005", "20006", "20008", "30002"),
    Failure.NUMBER_TAKEN: ("21421", "21422"),
    Failure.NOT_FOUND: ("20404",),
    Failure.BAD_REQUEST: ("20001", "21602", "21603", "21604", "21609", "21619"),
    Failure.UNKNOWN: ("30008",),  # its very title
}
FAILURES = {code: failure for failure, codes in CODES_BY_FAILURE.items() for code in codes}

ALREADY_IN_SERVICE = "21710"
NO_SUCH_AREA = ("21451", "21452")  # a search without a match


def refusal(answer: Answer) -> CarrierFailure:
    """An answer that is not a success, as a failure."""
    problem = reading.fields(answer.body)
    code = reading.word(problem.get("code"))
    return CarrierFailure(
        FAILURES.get(code or "") or http.failure_by_status(answer.status),
        code=code,
        detail=reading.text(problem.get("message"))
        or f"HTTP {answer.status} without an explanation",
        retry_after=reading.seconds(answer.headers.get("retry-after")),
        ambiguous=answer.is_ambiguous,
    )
