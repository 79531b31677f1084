"""A message that goes out every Sunday, on whatever day the clocks change."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from koinonia.common import clock
from koinonia.devkit.demo.answers import Json
from koinonia.devkit.demo.stage import Stage

CONTENT = "Good morning, {{firstName|friend}}! The service begins at 10. Coffee is ready."
NINE, SUNDAY, A_WEEK = time(9), 6, timedelta(days=7)
LOOKS_AHEAD = 40  # weeks, in which the clocks change at least once
SHOWN_FIRST = 3


def schedule_sundays(stage: Stage) -> None:
    """Schedule it, look at what comes, and take it back: the system stays up after the demo."""
    stage.screen.chapter("Every Sunday at 9")
    zone = stage.church.timezone
    schedule = stage.church.post("/api/schedules", _request(zone))
    path = f"/api/schedules/{schedule['id']}"
    dates = stage.church.get(f"{path}/dates", count=LOOKS_AHEAD)
    coming = [_instant(each) for each in dates["occurrences"]]
    stage.screen.say(f"“{CONTENT}” It leaves, in the zone of the church, {zone}:")
    _show(stage, coming, zone)
    preview = stage.church.post(f"{path}/preview", {}, 200)
    stage.screen.say(
        f"To the people of today: {preview['phones']} phones and {preview['parts']} parts each "
        "time."
    )
    stage.church.delete(path)
    stage.screen.say("It is cancelled again, so that nothing leaves behind your back.")
    _check(stage, coming, zone)
    stage.sums.claim("its preview means everybody", preview["phones"], len(stage.reachable()))
    after = stage.church.get(path)
    stage.sums.claim(
        "the recurring message is cancelled, and nothing of it comes",
        (after["status"], after["nextAt"]),
        ("cancelled", None),
    )


def _request(zone: str) -> dict[str, object]:
    soon = clock.today(zone) + timedelta(days=2)
    first = soon + timedelta(days=(SUNDAY - soon.weekday()) % 7)
    return {
        "name": "Sunday morning",
        "content": CONTENT,
        "targetType": "all",
        "scheduledFor": {"localTime": f"{first}T{NINE}", "timezone": zone},
        "rrule": "FREQ=WEEKLY;BYDAY=SU",
    }


def _show(stage: Stage, coming: list[datetime], zone: str) -> None:
    """The first ones, and those on both sides of the next change of the clocks."""
    changes = [n for n, (one, other) in enumerate(pairwise(coming)) if other - one != A_WEEK]
    around = range(changes[0], changes[0] + 2) if changes else range(0)
    rows = [_row(coming[n], zone) for n in range(SHOWN_FIRST)]
    rows += [("…", "", "")]
    rows += [_row(coming[n], zone) for n in around if n >= SHOWN_FIRST]
    stage.screen.table(("", "clock of the church", "UTC"), rows)


def _row(at: datetime, zone: str) -> tuple[str, str, str]:
    there = at.astimezone(ZoneInfo(zone))
    return f"{there:%a %d %b %Y}", f"{there:%H:%M %Z}", f"{at:%H:%M}"


def _check(stage: Stage, coming: list[datetime], zone: str) -> None:
    walls = [at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for at in coming]
    astray = [wall for wall in walls if (wall.weekday(), wall.time()) != (SUNDAY, NINE)]
    gaps = {other - one for one, other in pairwise(walls)}
    stage.sums.claim(
        f"{len(walls)} Sundays in a row at 9, also where the clocks change",
        (len(walls), astray, gaps),
        (LOOKS_AHEAD, [], {A_WEEK}),
    )


def _instant(coming: Json) -> datetime:
    return datetime.fromisoformat(coming["at"]).astimezone(UTC)
