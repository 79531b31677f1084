"""Telnyx's error codes in our words, and its refusals as failures.

The HTTP status of a code varies by endpoint, so the code decides; the status only where Telnyx
gives no code we know. Source: Telnyx "Error codes" and "API error codes".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from koinonia.carriers import http, reading
from koinonia.carriers.failures import CarrierFailure, Failure
from koinonia.carriers.http import Answer
from koinonia.common import clock

CODES_BY_FAILURE: dict[Failure, tuple[str, ...]] = {
    Failure.INVALID_NUMBER: ("10002", "10016", "40012", "40310"),
    Failure.NOT_TEXTABLE: ("40001", "40301", "40319"),
    # Pausing the church here would let one member abroad stop everybody's texts.
    Failure.REGION_NOT_ALLOWED: ("40309",),
    Failure.UNREACHABLE: ("40006", "40008"),
    Failure.REFUSED: ("40004",),
    Failure.EXPIRED: ("40005", "40014"),
    Failure.LOOP: ("40007",),
    Failure.CONTENT_BLOCKED: ("40015", "40017", "40322"),
    Failure.TOO_LONG: ("40302", "40328"),
    Failure.BAD_MEDIA: ("40317",),
    Failure.SPAM_SUSPECTED: ("40002",),
    Failure.NETWORK_LIMIT: ("40011", "40016", "40018"),
    Failure.THROTTLED: ("10011", "40318", "85007"),
    Failure.CARRIER_TROUBLE: ("10007", "10008"),
    Failure.SENDER_BLOCKED: ("40003", "40315"),
    Failure.SENDER_ON_HOLD: ("40020", "40151", "40320", "40330"),
    Failure.NOT_REGISTERED: ("40010", "40019", "40150", "40155", "40329"),
    Failure.MISCONFIGURED: (
        *("40013", "40100", "40305", "40306", "40307", "40308"),
        *("40312", "40321", "40323", "40325", "40331"),
    ),
    Failure.SPEND_LIMIT: ("40333",),
    Failure.ACCOUNT: ("10009", "10010", "20002", "20012", "20013", "20100", "40314"),
    Failure.NUMBER_TAKEN: ("85001", "85006"),
    Failure.SEARCH_FIRST: ("85000",),
    Failure.NOT_FOUND: ("10005",),
    Failure.BAD_REQUEST: ("10004", "10015", "40009", "40304", "40316"),
}
FAILURES = {code: failure for failure, codes in CODES_BY_FAILURE.items() for code in codes}

BLOCKED = "40300"
NO_NUMBERS_FOUND = "10031"  # a search without a match, answered 400


@dataclass(frozen=True, slots=True)
class Problem:
    """One entry of an ``errors`` list."""

    code: str | None
    words: str  # title and detail

    @property
    def failure(self) -> Failure | None:
        return _blocked(self.words) if self.code == BLOCKED else FAILURES.get(self.code or "")


def problem(errors: object) -> Problem:
    """The first entry with a code we know, else the first with a code, else the first."""
    found = [_problem(error) for error in reading.items(errors)]
    known = [each for each in found if each.failure]
    coded = [each for each in found if each.code]
    return next(iter(known + coded + found), Problem(None, ""))


def refusal(answer: Answer) -> CarrierFailure:
    """An answer that is not a success, as a failure."""
    first = problem(reading.fields(answer.body).get("errors"))
    failure = _by_key(answer.status, first.words) or first.failure
    failure = failure or http.failure_by_status(answer.status)
    return CarrierFailure(
        failure,
        code=first.code,
        detail=first.words or f"HTTP {answer.status} without an explanation",
        retry_after=_retry_after(answer.headers) or _until_reset(first.code),
        ambiguous=answer.is_ambiguous or failure is Failure.KEY_REUSED,
    )


def _problem(error: object) -> Problem:
    entry = reading.fields(error)
    words = (reading.text(entry.get("title")), reading.text(entry.get("detail")))
    return Problem(reading.word(entry.get("code")), ": ".join(word for word in words if word))


def _blocked(words: str) -> Failure:
    # 40300 is documented as STOP, yet also seen for an unassigned number and an unreachable phone.
    if "STOP" in words or "block rule" in words.lower():
        return Failure.OPTED_OUT
    return Failure.UNREACHABLE if "unreachable" in words.lower() else Failure.MISCONFIGURED


def _by_key(status: int, words: str) -> Failure | None:
    """Whatever its code: another text was taken under this key, so ours was not simply refused."""
    return Failure.KEY_REUSED if status == 422 and "idempoten" in words.lower() else None


def _retry_after(headers: Mapping[str, str]) -> float | None:
    asked = reading.seconds(headers.get("retry-after"))
    if asked is None and headers.get("x-ratelimit-remaining", "0") == "0":
        asked = reading.seconds(headers.get("x-ratelimit-reset"))
    return asked


def _until_reset(code: str | None) -> float | None:
    match code:
        case "40018":  # AT&T counts by the minute
            return 60.0
        case "40020":  # released after a day
            return 86_400.0
        case "40016":  # T-Mobile counts by the day on the Pacific coast
            return _until_midnight("America/Los_Angeles")
        case "40333":
            return _until_midnight("UTC")
        case _:
            return None


def _until_midnight(zone: str) -> float:
    here = clock.now().astimezone(ZoneInfo(zone))
    midnight = datetime.combine(here.date() + timedelta(days=1), time(), tzinfo=here.tzinfo)
    return midnight.timestamp() - here.timestamp()
