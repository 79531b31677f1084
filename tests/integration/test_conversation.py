"""An answer comes in, staff replies, and the thread tells how far the reply got."""

from typing import Any

from koinonia.common.testing.eventually import eventually

from .churches import Church
from .conftest import Founded
from .network import Network
from .threads import answer, asked


async def test_an_answer_opens_a_thread_with_the_members_name(
    found: Founded, phones: Network
) -> None:
    church = await found(members=3)
    member = church.members[1]
    await phones.turn(answers={member["phone"]: "We will be there, all five of us."})
    await church.settled((await church.send("Picnic on Saturday!"))["id"])
    thread = await church.conversation_with(member["phone"])
    assert thread["member"]["firstName"] == member["firstName"]
    assert (thread["status"], thread["unreadCount"]) == ("open", 1)
    assert [each["content"] for each in thread["messages"]] == ["We will be there, all five of us."]
    assert thread["lastMessage"]["direction"] == "inbound"


async def test_a_reply_reaches_the_phone_and_its_delivery_shows_in_the_thread(
    found: Founded, phones: Network
) -> None:
    church = await found(members=1)
    [phone] = church.phones
    thread = await asked(church, phones, "What time does it start?")
    reply = await answer(church, thread, "At ten. Welcome!")
    shown = await delivered(church, thread, reply)
    assert (shown["content"], shown["direction"]) == ("At ten. Welcome!", "outbound")
    assert await phones.texts(phone) == ["At ten. Welcome!"]
    usage = await eventually(lambda: _used(church, 1))
    assert usage["reserved"] == 0


async def test_staff_text_a_person_first(found: Founded, phones: Network) -> None:
    church = await found(members=1)
    [member] = church.members
    begun = await church.api.post(
        "/api/conversations", json={"memberId": member["id"], "text": "Hello from Acme"}
    )
    assert begun.status_code == 201, begun.text
    thread = begun.json()
    assert thread["phone"] == member["phone"]
    shown = await delivered(church, thread, thread["reply"]["id"])
    assert shown["content"] == "Hello from Acme"
    assert await phones.texts(member["phone"]) == ["Hello from Acme"]
    card = await eventually(lambda: _leads_somewhere(church, member["id"]))
    assert card == thread["id"]
    stranger = {"phone": "+12015550177", "text": "Hello"}
    refused = await church.api.post("/api/conversations", json=stranger)
    assert refused.json()["error"]["code"] == "NO_CONSENT"


async def test_a_timeline_shows_what_the_phone_got_and_what_became_of_it(
    found: Founded, phones: Network
) -> None:
    church = await found(members=1)
    await church.settled((await church.send("Picnic on Saturday!"))["id"])
    thread = await asked(church, phones, "Shall I bring chairs?")

    shown = await church.get(f"/api/conversations/{thread['id']}/timeline")

    kinds = {each["kind"]: each for each in reversed(shown["data"])}
    sent, agreed = kinds["broadcast"], kinds["consent"]
    assert (sent["content"], sent["status"]) == ("Picnic on Saturday!", "delivered")
    assert sent["by"]["id"]
    assert (agreed["decision"], agreed["method"]) == ("granted", "import")
    assert kinds["text"]["line"]["content"] == "Shall I bring chairs?"


async def test_a_reply_that_cannot_be_delivered_says_why(found: Founded, phones: Network) -> None:
    church = await found(members=1)
    thread = await asked(church, phones, "Hello?")
    await phones.turn(outcomes={church.phones[0]: "40008"})
    reply = await answer(church, thread, "Hello!")
    shown = await eventually(lambda: _line(church, thread, reply, "failed"), 15)
    assert shown["failure"]


async def test_a_closed_thread_reopens_when_the_person_writes_again(
    found: Founded, phones: Network
) -> None:
    church = await found(members=1)
    thread = await asked(church, phones, "Thanks")
    path = f"/api/conversations/{thread['id']}/status"
    closed = await church.api.patch(path, json={"status": "closed"})
    assert closed.json()["status"] == "closed"
    await phones.text(church.phones[0], church.number, "One more thing")
    again = await eventually(lambda: _with_lines(church, thread, 2))
    assert (again["id"], again["status"]) == (thread["id"], "open")


async def test_unread_counts_up_and_reading_resets_it(found: Founded, phones: Network) -> None:
    church = await found(members=1)
    thread = await asked(church, phones, "First")
    await phones.text(church.phones[0], church.number, "Second")
    counted = await eventually(lambda: _with_lines(church, thread, 2))
    assert counted["unreadCount"] == 2
    assert len(await church.everything("/api/conversations", unread="true")) == 1
    read = await church.api.patch(f"/api/conversations/{thread['id']}/read")
    assert read.json()["unreadCount"] == 0
    assert await church.everything("/api/conversations", unread="true") == []


async def test_a_closed_office_and_a_keyword_are_answered_by_themselves(
    found: Founded, phones: Network
) -> None:
    church = await found(members=1)
    closed = {"enabled": True, "hours": [], "answer": "We are closed."}
    assert (await church.api.put("/api/office-hours", json=closed)).status_code == 200
    picnic = {"word": "PICNIC", "answer": "See you at noon!"}
    assert (await church.api.post("/api/keywords", json=picnic)).status_code == 201
    for words in ("Anybody there?", "picnic", "Hello?"):
        await phones.text(church.phones[0], church.number, words)
    thread = await church.conversation_with(church.phones[0])
    shown = await eventually(lambda: _with_lines(church, thread, 5), 15)
    assert shown["unreadCount"] == 3
    told = await eventually(lambda: _texts(phones, church.phones[0], 2), 15)
    assert sorted(told) == ["See you at noon!", "We are closed."]


async def test_who_said_stop_cannot_be_answered(found: Founded, phones: Network) -> None:
    church = await found(members=1)
    await phones.text(church.phones[0], church.number, "STOP")
    thread = await church.conversation_with(church.phones[0])
    await eventually(lambda: _opted_out(church, thread))
    path = f"/api/conversations/{thread['id']}/reply"
    refused = await church.api.post(path, json={"content": "Are you sure?"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "RECIPIENT_OPTED_OUT")


async def test_a_stranger_s_text_has_a_thread_without_a_name(
    found: Founded, phones: Network
) -> None:
    church = await found()
    await phones.text("+15035550199", church.number, "Is this the church on Oak Street?")
    thread = await church.conversation_with("+15035550199")
    assert (thread["member"], thread["unreadCount"]) == (None, 1)


async def delivered(church: Church, thread: dict[str, Any], reply: str) -> dict[str, Any]:
    found: dict[str, Any] = await eventually(lambda: _line(church, thread, reply, "delivered"), 15)
    return found


async def _line(church: Church, thread: Any, reply: str, status: str) -> dict[str, Any] | None:
    lines = (await church.get(f"/api/conversations/{thread['id']}"))["messages"]
    return next((each for each in lines if (each["id"], each["status"]) == (reply, status)), None)


async def _leads_somewhere(church: Church, member_id: str) -> str | None:
    found: str | None = (await church.get(f"/api/members/{member_id}"))["conversationId"]
    return found


async def _with_lines(church: Church, thread: Any, count: int) -> dict[str, Any] | None:
    """As it is after its last line came: one answer is two queries, with a moment between them."""
    path = f"/api/conversations/{thread['id']}"
    shown = await church.get(path)
    return await church.get(path) if len(shown["messages"]) == count else None


async def _opted_out(church: Church, thread: Any) -> bool:
    return bool((await church.get(f"/api/conversations/{thread['id']}"))["optedOut"])


async def _used(church: Church, parts: int) -> dict[str, Any] | None:
    usage: dict[str, Any] = await church.get("/api/billing/usage")
    return usage if usage["used"] == parts else None


async def _texts(phones: Network, phone: str, count: int) -> list[str] | None:
    texts = await phones.texts(phone)
    return texts if len(texts) == count else None
