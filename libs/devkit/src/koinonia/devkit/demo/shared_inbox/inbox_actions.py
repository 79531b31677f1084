"""What staff do in the inbox: label, note, assign, answer by shortcut, search; answer a group text;
and a keyword."""

from koinonia.devkit.carrier.state import segments
from koinonia.devkit.demo.answers import Json
from koinonia.devkit.demo.church import until
from koinonia.devkit.demo.shared_inbox.inbox import HOSPITAL, PARKING, newest_thread
from koinonia.devkit.demo.stage import Stage, listed, name

LABEL = {"name": "Prayer", "colour": "#2f7d6b"}
NOTE = "I will visit him tonight."
CANNED = {"shortcut": "parking", "content": "Behind the hall, and on both sides of Elm Street."}
ALL_OF_YOU, COUNT_ME_IN = "Who brings chairs on Sunday?", "We bring twenty."
KEYWORD, GROUP = "PICNIC", "Choir"
WELCOME = "You're on the list! The picnic is on June 7 at noon."


def work_in_it(stage: Stage) -> None:
    stage.screen.chapter("The inbox, worked in")
    _care(stage)
    _answer_by_shortcut(stage)
    _answer_a_group_text(stage)
    _join_by_keyword(stage)


def _care(stage: Stage) -> None:
    """Label a thread, note something, take it, and find it again."""
    thread, me = newest_thread(stage, HOSPITAL), stage.church.get("/api/auth/me")["admin"]
    path = f"/api/conversations/{thread['id']}"
    label = _kept(stage, "/api/labels", "name", LABEL)
    stage.church.put(f"{path}/labels", {"labelIds": [label["id"]]})
    stage.church.post(f"{path}/notes", {"content": NOTE})
    stage.church.patch(f"{path}/assign", {"adminId": me["id"]})
    stage.screen.say(f"{name(thread)} is labelled “{LABEL['name']}”, noted on, and {_who(me)}'s.")
    found = stage.church.get("/api/conversations/search", q="hospital pray")["data"][0]
    stage.screen.say(f"A search for “hospital pray” finds: “{found['match']['content']}”")
    stage.sums.claim("search finds the thread", found["conversation"]["id"], thread["id"])
    mine = stage.church.total("/api/conversations", assignee="me", label=label["id"])
    listed = list(stage.church.everything("/api/conversations", assignee="me", label=label["id"]))
    is_listed = thread["id"] in {each["id"] for each in listed}
    stage.sums.claim("so does the list of one's own with that label", is_listed, True)
    stage.sums.claim("and its total is its length", mine, len(listed))


def _answer_by_shortcut(stage: Stage) -> None:
    thread = newest_thread(stage, PARKING)
    _kept(stage, "/api/canned-replies", "shortcut", CANNED)
    stage.network.will_receive([thread["phone"]])
    path = f"/api/conversations/{thread['id']}"
    line = stage.church.post(f"{path}/reply", {"shortcut": CANNED["shortcut"]}, 202)
    until(lambda: _line(stage, path, line["id"])["status"] == "delivered", "the answer to arrive")
    stage.screen.say(f"{name(thread)} is answered by “/{CANNED['shortcut']}”: “{line['content']}”")
    _count(stage, line["content"])


def _answer_a_group_text(stage: Stage) -> None:
    """Two people are on it, and the church last: it is asked to whom it answers."""
    phone, friend = sorted(_single(stage))[:2]
    stage.network.will_receive([phone])
    stage.network.write_to_several(phone, [friend, stage.number], ALL_OF_YOU)
    thread = until(lambda: _ends_with(stage, phone, ALL_OF_YOU), "the group text")
    path = f"/api/conversations/{thread['id']}"
    others = [each["phone"] for each in stage.church.get(path)["messages"][-1]["participants"]]
    stage.sums.claim("a group text shows who else got it", others, [friend])
    asked = stage.church.post(f"{path}/reply", {"content": COUNT_ME_IN}, 409)["error"]
    names = [_who(each["member"]) for each in asked["details"]["recipients"]]
    stage.screen.say(f"“{ALL_OF_YOU}” goes to two. Whom do you answer, {listed(names)}?")
    chosen = {"content": COUNT_ME_IN, "recipient": phone}
    line = stage.church.post(f"{path}/reply", chosen, 202)
    until(lambda: _line(stage, path, line["id"])["status"] == "delivered", "the answer to arrive")
    reached = [COUNT_ME_IN in stage.network.received(each) for each in (phone, friend)]
    stage.sums.claim("its answer reaches the one who was chosen", reached, [True, False])
    _count(stage, COUNT_ME_IN)


def _ends_with(stage: Stage, phone: str, words: str) -> Json | None:
    """The unread thread of a phone, once these are its last words."""
    own = (each for each in stage.unread() if each["phone"] == phone)
    return next((each for each in own if each["lastMessage"]["content"] == words), None)


def _join_by_keyword(stage: Stage) -> None:
    group = next(g for g in stage.church.everything("/api/groups") if g["name"] == GROUP)
    word = {"word": KEYWORD, "groupId": group["id"], "answer": WELCOME}
    _kept(stage, "/api/keywords", "word", word)
    inside = _phones_of(stage, group)
    phone = next(each for each in sorted(_single(stage)) if each not in inside)
    stage.network.will_receive([phone])
    stage.network.write(phone, stage.number, f"{KEYWORD.capitalize()}!")
    answers = until(lambda: _welcomes(stage, phone), "the answer to the keyword")
    _count(stage, answers[0])
    until(lambda: _phones_of(stage, group) > inside, "the group to have them")
    stage.screen.say(
        f"Somebody texts “{KEYWORD.capitalize()}!”, is now in “{GROUP}”, and reads: “{answers[0]}”"
    )
    stage.sums.claim(
        "a keyword brings its sender into the group, and nobody else",
        _phones_of(stage, group) - inside,
        {phone},
    )
    stage.sums.claim("the keyword is answered, exactly once", len(_welcomes(stage, phone)), 1)


def _line(stage: Stage, path: str, line_id: str) -> Json:
    return next(m for m in stage.church.get(path)["messages"] if m["id"] == line_id)


def _kept(stage: Stage, path: str, key: str, wanted: dict[str, str]) -> Json:
    """What an earlier demo made, or makes it."""
    for each in stage.church.everything(path):
        if each[key] == wanted[key]:
            return each
    return stage.church.post(path, wanted)


def _welcomes(stage: Stage, phone: str) -> list[str]:
    """The keyword's answers on a phone; the first one also says how to opt out."""
    return [text for text in stage.network.received(phone) if text.startswith(WELCOME)]


def _phones_of(stage: Stage, group: Json) -> set[str]:
    return {m["phone"] for m in stage.church.everything("/api/members", groupId=group["id"])}


def _single(stage: Stage) -> set[str]:
    """Phones of one person each that may be texted and are not busy in this run."""
    phones = [member["phone"] for member in stage.members()]
    alone = {phone for phone in phones if phones.count(phone) == 1}
    return (alone & stage.reachable()) - {*stage.answering, *stage.stopped}


def _count(stage: Stage, text: str) -> None:
    stage.replies += 1
    stage.small_parts += segments.parts(text)


def _who(admin: Json) -> str:
    return str(admin["firstName"])
