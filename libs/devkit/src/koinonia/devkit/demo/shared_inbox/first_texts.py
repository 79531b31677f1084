"""Staff text a person first."""

from koinonia.devkit.carrier.state import segments
from koinonia.devkit.demo.answers import Json
from koinonia.devkit.demo.church import until
from koinonia.devkit.demo.stage import Stage, name

HELLO = "Hello! This is Ruth of the church office. May we call you tomorrow?"


def text_first(stage: Stage) -> None:
    """One person gets a text out of the blue; who never agreed gets none."""
    stage.screen.chapter("A first text")
    phone = _silent(stage)
    stage.network.will_receive([phone])
    given = {"phone": phone, "text": HELLO}
    begun = stage.church.post("/api/conversations", given, 201)
    path = f"/api/conversations/{begun['id']}"

    def arrived() -> Json:
        last = stage.church.get(path)["lastMessage"]
        return last if last["status"] == "delivered" else None

    with stage.screen.waiting("The text is on its way ..."):
        until(arrived, "the first text to arrive")
    stage.replies += 1
    stage.small_parts += segments.parts(HELLO)
    stage.screen.say(f"Staff begin a conversation with {name(begun)}: “{HELLO}”")
    shown = stage.network.received(phone).count(HELLO)
    stage.sums.claim("a first text is on the screen of its phone, once", shown, 1)
    refused = stage.church.post(
        "/api/conversations", {"phone": min(stage.unasked()), "text": HELLO}, 409
    )
    stage.screen.say(f"To somebody who never agreed: {refused['error']['message']}")
    stage.sums.claim("who never agreed is not texted", refused["error"]["code"], "NO_CONSENT")


def _silent(stage: Stage) -> str:
    """Somebody who may be texted and with whom there is no conversation."""
    known = {each["phone"] for each in stage.church.everything("/api/conversations")}
    return min(stage.reachable() - known)
