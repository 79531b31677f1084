"""The demo, chapter by chapter, as a person would tell it."""

import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

from koinonia.common.phone import mask
from koinonia.devkit.demo import arithmetic, people
from koinonia.devkit.demo.arithmetic import Sending, Sums
from koinonia.devkit.demo.church import NAME, Church, NotAsExpected, until
from koinonia.devkit.demo.network import ANSWERS, Network
from koinonia.devkit.demo.show import Screen
from koinonia.devkit.system import System

ANSWERING, STOPPING = 25, 3
NEEDED = 2 * people.COUNT + 1  # texts of one part each
FIRST = "Grace Chapel: this Sunday at 10 we celebrate 50 years. Come hungry! Reply STOP to opt out."
SECOND = "Grace Chapel: parking is behind the school this Sunday. Reply STOP to opt out."
REPLY = "Thank you for writing back. We look forward to seeing you!"


@dataclass
class Demo:
    """What the chapters hand on to each other."""

    church: Church
    network: Network
    screen: Screen
    sums: Sums = field(default_factory=Sums)
    sendings: list[Sending] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    answering: list[str] = field(default_factory=list)
    unread_before: int = 0
    replied: str = ""
    reply_parts: int = 0


def tell(system: System, console: Console, run: Path) -> bool:
    """Run the demo on ``system``; True when every sum adds up. Raises NotAsExpected."""
    if not system.environment.simulates_carrier:
        raise NotAsExpected(
            "The demo makes people answer, which only the simulated carrier can. Unset "
            "KOINONIA_TELNYX_API_URL to run it."
        )
    church = Church(system.gateway_url, run / "demo.json")
    network = Network(system.carrier_url)
    demo = Demo(church, network, Screen(console))
    try:
        with network.rehearsed():
            _tell(demo)
    finally:
        network.close()
        church.close()
    _say_goodbye(demo, system.gateway_url)
    return demo.sums.hold


def _tell(demo: Demo) -> None:
    _meet_the_church(demo)
    _bring_its_people(demo)
    bill, figures = _figures(demo)
    _text_everybody(demo)
    _hear_answers(demo)
    _reply(demo)
    _text_everybody_again(demo)
    _look_at_the_figures(demo, bill, figures)
    _add_up(demo)


def _meet_the_church(demo: Demo) -> None:
    demo.screen.chapter("A church")
    demo.church.enter()
    verb = "registers and gets a trial plan" if demo.church.is_new else "is here from the last demo"
    demo.screen.say(f"{NAME} {verb}.")
    left = until(lambda: _bill(demo), "the trial plan", 15)["remaining"]
    if left < NEEDED:
        demo.church.begin_anew()
        demo.screen.say(f"{left} texts are left of its trial, so another {NAME} registers.")
    with demo.screen.waiting("A number is ordered at the carrier ..."):
        number = demo.church.number()
    demo.screen.say(f"It texts from {number}, under a profile of its own.")


def _bring_its_people(demo: Demo) -> None:
    demo.screen.chapter("Its people")
    demo.church.lay_out(people.GROUPS)
    everybody = people.everybody()
    before = demo.church.total("/api/members")
    result = demo.church.import_members(people.as_csv(everybody))
    rows = len(everybody) + people.TWICE + people.UNUSABLE
    demo.screen.say(
        f"A file of {rows} rows: {result['created']} created, {result['updated']} updated, "
        f"{result['skipped']} skipped, {result['failed']} refused."
    )
    refused = [(row["row"], row["reason"]) for row in result["rows"] if row["outcome"] == "failed"]
    demo.screen.table(("row", "why it was refused"), refused)
    arithmetic.check_import(demo.sums, result, rows, people.UNUSABLE)
    known = demo.church.total("/api/members")
    demo.sums.claim(
        "the directory holds who was there and who came", known, before + result["created"]
    )


def _text_everybody(demo: Demo) -> None:
    demo.screen.chapter("A text to everybody")
    demo.screen.say(f"“{FIRST}”")
    reachable = _reachable(demo)
    answering = secrets.SystemRandom().sample(reachable, ANSWERING + STOPPING)
    demo.answering, demo.stopped = answering[STOPPING:], answering[:STOPPING]
    words = {phone: ANSWERS[n % len(ANSWERS)] for n, phone in enumerate(demo.answering)}
    demo.unread_before = _unread_count(demo)
    demo.network.will_answer(words | dict.fromkeys(demo.stopped, "STOP"))
    _send(demo, "the first text", FIRST, reachable)


def _hear_answers(demo: Demo) -> None:
    demo.screen.chapter("Answers")
    waiting = {*demo.answering, *demo.stopped}
    count = demo.unread_before + len(waiting)
    with demo.screen.waiting("People take out their phones ..."):
        until(lambda: _unread_count(demo) >= count, "the answers")
        until(demo.network.is_quiet, "the phones to be quiet")
    demo.network.silence()
    threads = [thread for thread in _unread(demo) if thread["phone"] in waiting]
    demo.screen.say(f"{len(demo.answering)} people answered, {len(demo.stopped)} said STOP:")
    demo.screen.table(
        ("who", "from", "wrote"),
        [
            (_name(thread), mask(thread["phone"]), thread["lastMessage"]["content"])
            for thread in threads[:6]
        ],
    )
    demo.screen.say(f"… and {len(threads) - 6} more.")
    news = _unread_count(demo) - demo.unread_before
    demo.sums.claim("the inbox shows each answer as unread, once", news, len(waiting))
    until(lambda: len(_reachable(demo)) == len(_meant(demo)) - STOPPING, "the STOPs to be noted")


def _reply(demo: Demo) -> None:
    demo.screen.chapter("A reply")
    thread = next(t for t in _unread(demo) if t["phone"] in demo.answering)
    demo.replied = thread["phone"]
    path = f"/api/conversations/{thread['id']}"
    line = demo.church.post(f"{path}/reply", {"content": REPLY}, 202)

    def arrived() -> Any:
        messages = demo.church.get(path)["messages"]
        mine = next(each for each in messages if each["id"] == line["id"])
        return mine if mine["status"] in ("delivered", "failed") else None

    with demo.screen.waiting("The reply is on its way ..."):
        status = until(arrived, "the reply to arrive")["status"]
    demo.screen.say(f"To {_name(thread)}: “{REPLY}”: {status}.")
    on_screen = demo.network.received(demo.replied).count(REPLY)
    delivered = status == "delivered"
    demo.reply_parts = int(delivered)
    demo.sums.claim(
        "the reply is on the phone's screen as its status says", on_screen > 0, delivered
    )


def _text_everybody_again(demo: Demo) -> None:
    demo.screen.chapter("Another text to everybody")
    demo.screen.say(f"“{SECOND}”")
    meant = sorted(_meant(demo) - set(demo.stopped))
    _send(demo, "the second text", SECOND, meant)
    left_out = _meant(demo, 0) - _meant(demo, 1)
    demo.screen.say(f"{len(left_out)} are left out: they said STOP.")
    demo.sums.claim("exactly those who said STOP are left out", left_out, set(demo.stopped))


def _look_at_the_figures(demo: Demo, bill: Any, figures: Any) -> None:
    demo.screen.chapter("The figures")
    parts = sum(s.message["parts"]["billed"] for s in demo.sendings) + demo.reply_parts
    with suppress(NotAsExpected):  # then the sums tell what is missing
        until(lambda: _settled(demo, bill, figures, parts), "the figures to settle", 15)
    bill_now, now = _figures(demo)
    rate = f"{100 * now['deliveryRate']:.1f} %" if now["deliveryRate"] is not None else "none yet"
    rows = [
        ("messages", now["messages"]),
        ("texts to people", now["recipients"]),
        ("delivered", f"{now['recipientsByStatus']['delivered']} ({rate})"),
        ("members", now["members"]),
        ("open conversations", now["openConversations"]),
        ("parts used of the plan", f"{bill_now['used']} of {bill_now['allowance']}"),
    ]
    demo.screen.table(("", ""), rows)
    arithmetic.check_bill(demo.sums, bill, bill_now, parts)
    arithmetic.check_dashboard(demo.sums, figures, now, demo.sendings)
    members = demo.church.total("/api/members")
    demo.sums.claim("the dashboard counts the members", now["members"], members)
    opened = demo.church.total("/api/conversations", status="open")
    demo.sums.claim("the dashboard counts the open conversations", now["openConversations"], opened)


def _add_up(demo: Demo) -> None:
    demo.screen.chapter("Does it add up?")
    for sentence, holds in demo.sums.claims:
        demo.screen.check(sentence, holds=holds)


def _say_goodbye(demo: Demo, address: str) -> None:
    say = demo.screen.say
    demo.screen.chapter("Your turn")
    say(f"The system stays up at {address} (its interface: {address}/api/docs).")
    say(f"Sign in as {demo.church.email} with the password {demo.church.password}:")
    body = f'{{"email": "{demo.church.email}", "password": "{demo.church.password}"}}'
    say(f"  curl -c jar -H 'Content-Type: application/json' -d '{body}' {address}/api/auth/login")
    say(f"  curl -b jar {address}/api/conversations")
    say("make status shows what runs, make down ends it.")


def _send(demo: Demo, name: str, content: str, meant: list[str]) -> None:
    """Send, watch until it is over, and note what the carrier took meanwhile."""
    before = demo.network.tally()
    accepted = demo.church.send_to_everybody(content, secrets.token_hex(8))
    looks = demo.screen.follow(lambda: demo.church.get(f"/api/messages/{accepted['id']}"))
    if declined := looks[-1]["declined"]:
        raise NotAsExpected(f"The message was declined. {declined['reason']}")
    sending = Sending(looks, frozenset(meant), demo.network.tally().since(before))
    demo.sendings.append(sending)
    arithmetic.check_sending(demo.sums, name, sending)


def _meant(demo: Demo, index: int = -1) -> frozenset[str]:
    return demo.sendings[index].meant


def _reachable(demo: Demo) -> list[str]:
    members = demo.church.everything("/api/members")
    return [member["phone"] for member in members if not member["optedOut"]]


def _unread(demo: Demo) -> list[Any]:
    return list(demo.church.everything("/api/conversations", unread="true"))


def _unread_count(demo: Demo) -> int:
    return sum(thread["unreadCount"] for thread in _unread(demo))


def _figures(demo: Demo) -> tuple[Any, Any]:
    return demo.church.get("/api/billing/usage"), demo.church.get("/api/analytics/stats")


def _bill(demo: Demo) -> Any:
    try:
        return demo.church.get("/api/billing/usage")
    except NotAsExpected:  # the plan of a new church is being set up
        return None


def _settled(demo: Demo, bill: Any, figures: Any, parts: int) -> bool:
    """Billing and the dashboard have heard of everything, a moment after it happened."""
    now, shown = _figures(demo)
    recipients = sum(sending.message["totalRecipients"] for sending in demo.sendings)
    return bool(
        now["used"] - bill["used"] == parts
        and now["reserved"] == 0
        and shown["recipients"] - figures["recipients"] == recipients
        and shown["replies"] > figures["replies"]
        and sum(shown["recipientsByStatus"][s] for s in ("pending", "sending", "sent")) == 0
    )


def _name(thread: Any) -> str:
    member = thread["member"]
    return f"{member['firstName']} {member['lastName']}" if member else "somebody unknown"
