"""The church's bill and dashboard at the end of the demo."""

from contextlib import suppress

from koinonia.devkit.demo import arithmetic
from koinonia.devkit.demo.answers import Json
from koinonia.devkit.demo.church import until
from koinonia.devkit.demo.errors import NotAsExpected
from koinonia.devkit.demo.stage import Stage


def look(stage: Stage, bill: Json, counted: Json) -> None:
    """Hold what was there before, ``bill`` and ``counted``, against what is there now."""
    stage.screen.chapter("The figures")
    parts = sum(s.message["parts"]["billed"] for s in stage.sendings) + stage.small_parts
    with suppress(NotAsExpected):  # then the sums tell what is missing
        until(lambda: _settled(stage, bill, counted, parts), "the figures to settle", 15)
    bill_now, now = stage.figures()
    rate = f"{100 * now['deliveryRate']:.1f} %" if now["deliveryRate"] is not None else "none yet"
    rows = [
        ("messages", now["messages"]),
        ("texts to people", now["recipients"]),
        ("delivered", f"{now['recipientsByStatus']['delivered']} ({rate})"),
        ("members", now["members"]),
        ("open conversations", now["openConversations"]),
        ("parts used of the plan", f"{bill_now['used']} of {bill_now['allowance']}"),
    ]
    stage.screen.table(("", ""), rows)
    arithmetic.check_bill(stage.sums, bill, bill_now, parts)
    arithmetic.check_dashboard(stage.sums, counted, now, stage.sendings, stage.replies)
    members = stage.church.total("/api/members")
    stage.sums.claim("the dashboard counts the members", now["members"], members)
    opened = stage.church.total("/api/conversations", status="open")
    stage.sums.claim(
        "the dashboard counts the open conversations", now["openConversations"], opened
    )


def _settled(stage: Stage, bill: Json, counted: Json, parts: int) -> bool:
    """Billing and the dashboard have heard of everything, a moment after it happened."""
    now, shown = stage.figures()
    recipients = sum(sending.message["totalRecipients"] for sending in stage.sendings)
    return bool(
        now["used"] - bill["used"] == parts
        and now["reserved"] == 0
        and shown["recipients"] - counted["recipients"] == recipients
        and shown["replies"] - counted["replies"] == stage.replies
        and sum(shown["recipientsByStatus"][s] for s in ("pending", "sending", "sent")) == 0
    )
