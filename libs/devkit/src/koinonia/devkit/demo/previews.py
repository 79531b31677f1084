"""Before a text is sent: who would get it, who would not, and what it costs."""

from datetime import datetime
from zoneinfo import ZoneInfo

from koinonia.devkit.demo import arithmetic
from koinonia.devkit.demo.answers import Json
from koinonia.devkit.demo.church import until
from koinonia.devkit.demo.errors import NotAsExpected
from koinonia.devkit.demo.stage import Stage, listed

DRAFT = (
    "Hello {{firstName|friend}}, this is Grace Chapel. On Sunday at 10 we celebrate 50 years – "
    "with music, stories and a big lunch. You’re invited! Reply STOP to opt out."
)
REASONS = {
    "removed": "are no longer there",
    "optedOut": "said STOP",
    "noConsent": "never agreed",
    "stopAsked": "may have said STOP",
    "ministryStopped": "left this ministry",
    "invalid": "no such number",
    "landline": "take no texts",
    "fatigue": "had enough this week",
    "duplicate": "share a phone",
}
ZONES_SHOWN = 3


def preview_a_text(stage: Stage) -> Json:
    """Preview the draft, take the cheaper letters that are offered, and preview those."""
    stage.screen.chapter("A text, and its preview")
    stage.screen.say(f"“{DRAFT}”")
    first = preview_of(stage, {"content": DRAFT})
    rewrite = next(each for each in first["warnings"] if each["code"] == "COSTLY_CHARACTERS")
    stage.screen.say(rewrite["message"])
    content = rewrite["details"]["content"]
    preview = preview_of(stage, {"content": content})
    stage.screen.say("So it is put into plain letters. What sending it would do:")
    stage.screen.table(("", ""), _rows(stage, preview))
    sample = max((each["content"] for each in preview["samples"]), key=len)
    stage.screen.say(f"A family reads: “{sample}”")
    arithmetic.check_preview(
        stage.sums, "the preview", preview, stage.reachable(), stage.left_out()
    )
    promised = first["parts"] - rewrite["details"]["saved"]
    stage.sums.claim("plain letters save what was promised", preview["parts"], promised)
    return preview | {"content": content}


def preview_of(stage: Stage, message: dict[str, object]) -> Json:
    """The preview of a text, without a ``target`` to everybody. Raises NotAsExpected where it would
    wait for morning."""
    body = {"target": {"type": "all"}} | message

    def priced() -> Json:
        found = stage.church.post("/api/messages/preview", body, 200)
        return None if found["costCents"] is None else found

    preview = until(priced, "the price of a text")
    if not all(zone["isOpen"] for zone in preview["quietHours"]):
        raise NotAsExpected(
            "It is night at some phones, and texts wait for the morning. Unset "
            "KOINONIA_QUIET_HOURS to run the demo at any hour."
        )
    return preview


def _rows(stage: Stage, preview: Json) -> list[tuple[str, object]]:
    reasons = [f"{count} {REASONS[why]}" for why, count in preview["excluded"].items() if count]
    by_parts = [
        f"{texts} of {parts} part{'s' * (parts != '1')}"
        for parts, texts in preview["partsByCount"].items()
    ]
    zones = [f"{zone['phones']} in {_city(zone['zone'])}" for zone in preview["quietHours"]]
    more = len(zones) - ZONES_SHOWN
    warnings = [each["message"] for each in preview["warnings"]]
    return [
        ("people", preview["people"]),
        ("phones", preview["phones"]),
        ("left out", ", ".join(reasons) or "nobody"),
        ("texts", listed(by_parts)),
        ("parts", preview["parts"]),
        ("cost", f"{preview['costCents'] / 100:.2f} USD"),
        ("left of the plan", preview["remainingParts"]),
        ("may leave now", ", ".join(zones[:ZONES_SHOWN]) + f" and {more} more zones" * (more > 0)),
        ("through, at the carrier's rate", _clock(stage, preview["finishesAt"])),
        ("warnings", " ".join(warnings) or "none"),
    ]


def _city(zones: str) -> str:
    return " or ".join(zone.rpartition("/")[2].replace("_", " ") for zone in zones.split(","))


def _clock(stage: Stage, instant: str) -> str:
    return f"{datetime.fromisoformat(instant).astimezone(ZoneInfo(stage.church.timezone)):%H:%M:%S}"
