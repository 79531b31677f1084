"""A text that staff send to themselves before everybody gets it."""

from koinonia.common.testing.phones import phone
from koinonia.devkit.carrier.state import segments
from koinonia.devkit.demo.answers import Json
from koinonia.devkit.demo.church import until
from koinonia.devkit.demo.previews import DRAFT
from koinonia.devkit.demo.stage import Stage

OWN_PHONE = phone(6_000)  # which nobody else in the demo has


def text_oneself(stage: Stage) -> None:
    """As somebody else would read it. It is charged, and counts as no message to people."""
    stage.screen.chapter("A text to oneself")
    card, reader = _own_card(stage), _somebody_else(stage)
    stage.network.will_receive([OWN_PHONE])
    before = len(stage.network.received(OWN_PHONE))
    listed = stage.church.total("/api/messages")
    wanted = {"content": DRAFT, "memberId": card["id"], "asMemberId": reader["id"]}
    test = stage.church.post("/api/messages/test", wanted, 202)

    def arrived() -> list[str]:
        return stage.network.received(OWN_PHONE)[before:]

    with stage.screen.waiting("The test is on its way ..."):
        texts = until(arrived, "the test to arrive")
    stage.small_parts += segments.parts(texts[0])
    name = reader["firstName"]
    stage.screen.say(f"Ruth reads on her own phone what {name} would get: “{texts[0]}”")
    expected = [DRAFT.replace("{{firstName|friend}}", name)]
    stage.sums.claim("a test reads as it would for somebody else, once", texts, expected)
    after = stage.church.total("/api/messages")
    with_tests = stage.church.get("/api/messages", includeTests="true", limit=1)["data"]
    stage.sums.claim(
        "a test is no broadcast, and is found where tests are asked for",
        (after, with_tests[0]["id"]),
        (listed, test["messageId"]),
    )


def _own_card(stage: Stage) -> Json:
    """Ruth among the members: her email is the one that she signs in with."""
    known = list(stage.church.everything("/api/members", search=OWN_PHONE))
    if known:
        return known[0]
    card = {"firstName": "Ruth", "lastName": "Meyer", "phone": OWN_PHONE, "consent": True}
    return stage.church.post("/api/members", card | {"email": stage.church.email})


def _somebody_else(stage: Stage) -> Json:
    return next(each for each in stage.members() if each["phone"] != OWN_PHONE)
