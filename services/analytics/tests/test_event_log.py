from datetime import UTC, datetime
from uuid import UUID

from koinonia.analytics import event_log, worker
from koinonia.common import db
from koinonia.common.events import REGISTRY, ChurchEvent
from koinonia.common.events.billing import SpendDeclined
from koinonia.common.events.conversation import ConversationUpdated, ReplyRequested
from koinonia.common.events.messaging import MemberOptedOut, NumberAssigned
from koinonia.common.runtime import Running

from .factories import completed, created, hear, joined, moved, rows, thread

INTERNAL = {
    *("batch.released", "reply.released", "number.requested"),  # messaging talks to itself
    # Told to gateways alone, no business of a church:
    *("session.ended", "presence.changed", "conversation.read", "notifications.changed"),
    # For the audit trail, beside the business events of the same requests:
    *("conversation.action_taken", "integrations.action_taken", "messaging.action_taken"),
}
CHURCH = UUID(int=1)


async def test_each_event_is_kept_once_with_its_figures(running: Running, church_id: UUID) -> None:
    declined = SpendDeclined(
        church_id=church_id, message_id=db.uuid7(), code="TRIAL_ENDED", reason="Your trial ended."
    )
    await hear(running, declined, declined)
    [kept] = await rows(running, church_id, "SELECT * FROM event_log WHERE name = 'spend.declined'")
    assert (kept.event_id, kept.occurred_at) == (declined.id, declined.occurred_at)
    assert kept.summary == {"message_id": str(declined.message_id), "code": "TRIAL_ENDED"}


def test_lists_are_counted_and_counts_are_kept() -> None:
    message = created(CHURCH, recipients=2)
    assert event_log.summary(joined(CHURCH, 500)) == {"members": 500}
    assert event_log.summary(moved(message, parts=2, cost="0.01")) == {
        "message_id": str(message.message_id),
        "kind": "broadcast",
        "changes": 0,
        "parts": 2,
        "cost": "0.01",
    }
    assert event_log.summary(completed(message))["counts"] == {"delivered": 2}


def test_no_phone_name_or_text_is_kept() -> None:
    reply = ReplyRequested(
        church_id=CHURCH,
        reply_id=CHURCH,
        conversation_id=CHURCH,
        admin_id=CHURCH,
        sender="+12025550100",
        sealed_phone="sealed",
        text="See you on Sunday",
        media_urls=("https://example.com/a.png",),
    )
    assert set(event_log.summary(reply)) == {
        "reply_id",
        "conversation_id",
        "admin_id",
        "begins",
        "media_urls",
    }
    stop = MemberOptedOut(
        church_id=CHURCH, phone_index="index", sealed_phone="sealed", source="keyword"
    )
    assert event_log.summary(stop) == {"source": "keyword"}
    update = ConversationUpdated(
        church_id=CHURCH, conversation_id=CHURCH, status="open", preview="Pray for my mother"
    )
    figures = {"conversation_id", "status", "unread_count", "participants"}
    assert event_log.summary(update).keys() == figures
    number = NumberAssigned(
        church_id=CHURCH,
        number_id=CHURCH,
        phone_number="+12025550100",
        carrier="telnyx",
        assigned_at=datetime(2026, 11, 22, tzinfo=UTC),
    )
    assert "+12025550100" not in event_log.summary(number).values()


def test_every_business_event_of_a_church_is_listened_to() -> None:
    heard = {subscription.event.name for subscription in worker.SUBSCRIPTIONS}
    of_churches = {name for name, event in REGISTRY.items() if issubclass(event, ChurchEvent)}
    ours = {name for name in of_churches if REGISTRY[name].__module__.startswith("koinonia.")}
    assert heard == ours - INTERNAL


async def test_a_batch_is_kept_event_by_event(running: Running, church_id: UUID) -> None:
    await hear(running, *thread(church_id, "open", "closed"))
    kept = await rows(
        running,
        church_id,
        "SELECT summary FROM event_log WHERE name = 'conversation.updated' ORDER BY occurred_at",
    )
    assert [row.summary["status"] for row in kept] == ["open", "closed"]
