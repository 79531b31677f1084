"""Two of the staff at one inbox: what each has read, who is answering, and no two answers."""

from contextlib import closing

from koinonia.devkit.carrier.state import segments
from koinonia.devkit.demo.answers import Json
from koinonia.devkit.demo.church import Church, Colleague, until
from koinonia.devkit.demo.shared_inbox.inbox import SOUND, newest_thread
from koinonia.devkit.demo.stage import Stage, name

MORE = "I have done it for years."
ANSWER = "Gladly! Come to the mixing desk on Sunday at nine."
SECOND_ANSWER = "We have enough people, thank you."
PATIENCE_SECONDS = 10.0


def work_together(stage: Stage) -> None:
    stage.screen.chapter("Two at one inbox")
    begun = newest_thread(stage, SOUND)
    path = f"/api/conversations/{begun['id']}"
    with closing(Colleague(stage.church, "Ann")) as ann:
        ann.enter()  # for her, nothing from before is new
        thread = _hear_more(stage, begun, path)
        _read(stage, ann, path)
        _answer(stage, ann, path)
        _answer_twice(stage, ann, path, thread)
        _search(stage, ann, thread)


def _hear_more(stage: Stage, begun: Json, path: str) -> Json:
    """The thread, once it ends with what its person added."""
    stage.network.will_receive([begun["phone"]])
    stage.network.write(begun["phone"], stage.number, MORE)

    def heard() -> Json | None:
        thread = stage.church.get(path)
        return thread if thread["lastMessage"]["content"] == MORE else None

    stage.screen.say(f"{name(begun)} adds to “{SOUND}”: “{MORE}”")
    return until(heard, "what was added")


def _read(stage: Stage, ann: Church, path: str) -> None:
    stage.church.patch(f"{path}/read", None)
    is_new = [each.get(path)["unreadForMe"] for each in (stage.church, ann)]
    stage.screen.say("Ruth opens the conversation. For Ann, her colleague, it stays new.")
    stage.sums.claim("what one has read is still new to the other", is_new, [False, True])


def _answer(stage: Stage, ann: Church, path: str) -> None:
    """Ruth writes, and Ann sees that she does."""
    with ann.stream() as stream:
        stage.church.put(f"{path}/presence", None)
        began = stream.next("presence.changed", PATIENCE_SECONDS)
        shown = [each["firstName"] for each in ann.get(path)["answering"]]
        stage.church.post(f"{path}/reply", {"content": ANSWER}, 202)
        ended = stream.next("presence.changed", PATIENCE_SECONDS)
    stage.screen.say(f"Ann's page says: {' and '.join(shown)} is answering. Then: “{ANSWER}”")
    stage.sums.claim(
        "who is answering is seen by a colleague, until it is sent",
        (began.data["isAnswering"], shown, ended.data["isAnswering"]),
        (True, ["Ruth"], False),
    )
    stage.replies += 1
    stage.small_parts += segments.parts(ANSWER)


def _answer_twice(stage: Stage, ann: Church, path: str, thread: Json) -> None:
    """Ann answers what she saw, and learns that it was answered."""
    phone, seen = thread["phone"], thread["lastMessage"]["id"]
    late = {"content": SECOND_ANSWER, "lastSeenLineId": seen}
    refused = ann.post(f"{path}/reply", late, 409)["error"]
    [newer] = refused["details"]["lines"]
    stage.screen.say(f"Ann has an answer to {name(thread)}, too: “{SECOND_ANSWER}”")
    stage.screen.say(f"It is held back: {refused['message']}")
    until(lambda: ANSWER in stage.network.received(phone), "the answer to arrive")
    texts = stage.network.received(phone)
    stage.sums.claim(
        "of two answers to one text, the phone gets the first",
        (newer["content"], SECOND_ANSWER in texts),
        (ANSWER, False),
    )


def _search(stage: Stage, ann: Church, thread: Json) -> None:
    """The words of an answer, among those that one wrote oneself."""
    asked = {"q": "mixing desk", "sender": "me"}
    found = [each.get("/api/conversations/search", **asked)["data"] for each in (stage.church, ann)]
    mine, hers = ([each["conversation"]["id"] for each in page] for page in found)
    stage.screen.say("Later Ruth searches “mixing desk” in what she wrote herself, and has it.")
    stage.sums.claim("a search by who wrote it finds it", mine[:1], [thread["id"]])
    stage.sums.claim("and finds nothing of somebody else", hers, [])
