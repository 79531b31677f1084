"""What is left for whoever opens the pages: a family's phone, a picture, a message that will leave,
and a month of figures. What the chapters before left is there too."""

import asyncio
from datetime import timedelta

from koinonia.common import clock
from koinonia.devkit.demo import people
from koinonia.devkit.demo.church import until
from koinonia.devkit.demo.left_to_see import past_month
from koinonia.devkit.demo.left_to_see.picture import sunrise
from koinonia.devkit.demo.stage import Stage, listed
from koinonia.devkit.environment import Environment

FROM_A_FAMILY = "Hi, is there still room at the youth weekend? We would be two."
OF_THE_MORNING = "This morning on the hill, before the service. What a gift!"
REHEARSAL = "Choir rehearsal"
SINGERS = "Dear {{firstName|friend}}, we sing at 7 tonight. Bring the blue folder."
GROUP, THURSDAY = "Choir", 3


def leave(stage: Stage, environment: Environment) -> None:
    stage.screen.chapter("Left to see")
    _a_household(stage)
    _a_picture(stage)
    _a_scheduled_message(stage)
    church_id = str(stage.church.get("/api/auth/me")["church"]["id"])
    asyncio.run(past_month.make_up(environment, church_id))
    stage.screen.say("The month before today is made up, so that the dashboard has what to draw.")


def _a_household(stage: Stage) -> None:
    phone = min(set(people.families()) & stage.reachable())
    stage.network.write(phone, stage.number, FROM_A_FAMILY)
    until(lambda: _ends_with(stage, FROM_A_FAMILY), "the family's text to arrive")
    stage.screen.say(f"{listed(people.families()[phone])} share a phone, and one of them writes.")


def _a_picture(stage: Stage) -> None:
    phone = max(stage.reachable() - set(people.families()))
    stage.network.show(phone, stage.number, OF_THE_MORNING, sunrise())
    until(lambda: _ends_with(stage, OF_THE_MORNING), "the picture to arrive")
    stage.screen.say(f"A picture arrives: “{OF_THE_MORNING}”")


def _a_scheduled_message(stage: Stage) -> None:
    """Once: it goes on from demo to demo."""
    if not any(each["name"] == REHEARSAL for each in stage.church.everything("/api/schedules")):
        group = next(g for g in stage.church.everything("/api/groups") if g["name"] == GROUP)
        zone = stage.church.timezone
        soon = clock.today(zone) + timedelta(days=2)
        first = soon + timedelta(days=(THURSDAY - soon.weekday()) % 7)
        request = {
            "name": REHEARSAL,
            "content": SINGERS,
            "targetType": "groups",
            "targetIds": [group["id"]],
            "scheduledFor": {"localTime": f"{first}T15:00:00", "timezone": zone},
            "rrule": "FREQ=WEEKLY;BYDAY=TH",
        }
        stage.church.post("/api/schedules", request)
    stage.screen.say(f"“{REHEARSAL}” leaves every Thursday at 15:00, to the group “{GROUP}”.")


def _ends_with(stage: Stage, words: str) -> bool:
    newest = stage.church.get("/api/conversations", limit=20)["data"]
    return any(each["lastMessage"]["content"] == words for each in newest)
