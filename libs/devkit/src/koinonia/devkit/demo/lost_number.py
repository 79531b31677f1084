"""A number that loses its address at the carrier, and is put back."""

from koinonia.common.phone import mask
from koinonia.devkit.demo.answers import Json
from koinonia.devkit.demo.church import until
from koinonia.devkit.demo.stage import Stage

WORDS = "Can you read me again?"
PATH = "/api/phone-numbers"
PATIENCE_SECONDS = 10.0


def find_it_again(stage: Stage) -> None:
    """Staff do not wait for the hourly comparison here: they ask at once."""
    stage.screen.chapter("A number that is cut off")
    stage.network.lose_address(stage.number)
    stage.screen.say("Somebody tidies up in the carrier's portal; texts to the church go nowhere.")
    [own] = [each for each in stage.church.everything(PATH) if each["phoneNumber"] == stage.number]
    with stage.church.stream() as stream:
        found = stage.church.post(f"{PATH}/{own['id']}/check", {}, 200)
        news = [stream.next("number.connection_changed", PATIENCE_SECONDS) for _ in range(2)]
    states = [each.data["connection"] for each in news]
    stage.screen.say("Every hour all numbers are compared with the carrier; staff ask at once.")
    stage.screen.say(f"The stream says {states[0]}, and a moment later {states[1]}.")
    phone = stage.answering[-1]
    stage.network.write(phone, stage.number, WORDS)
    until(lambda: _thread(stage, phone), "the text to arrive")
    stage.screen.say(f"{mask(phone)} writes “{WORDS}”, and the inbox has it.")
    stage.sums.claim(
        "a number that was cut off is found and put back",
        (states, found["connection"], found["connectionProblem"]),
        (["relinking", "connected"], "connected", None),
    )


def _thread(stage: Stage, phone: str) -> Json:
    own = [each for each in stage.unread() if each["phone"] == phone]
    return next((each for each in own if each["lastMessage"]["content"] == WORDS), None)
