"""Event subscriptions and periodic jobs."""

from koinonia.common import idempotency
from koinonia.common.bus import effect, on, on_batch, on_bundles, on_burst, on_with_running
from koinonia.common.events.auth import (
    AdminJoined,
    AdminRemoved,
    ChurchRegistered,
    ChurchUpdated,
    ChurchVerified,
)
from koinonia.common.events.billing import (
    AllowanceUpdated,
    SpendApproved,
    SpendDeclined,
    SubscriptionUpdated,
)
from koinonia.common.events.conversation import (
    ConversationsBegun,
    MemberRequested,
    ReplyRequested,
    UploadForgotten,
    UploadStored,
    WordsFound,
)
from koinonia.common.events.ingress import (
    CarrierMessageReceived,
    CarrierStatusesReported,
    CarrierStatusReported,
)
from koinonia.common.events.messaging import (
    BatchReleased,
    MessageCompleted,
    NumberReleased,
    NumberRequested,
    ReplyReleased,
)
from koinonia.common.runtime import every
from koinonia.messaging import verification
from koinonia.messaging.broadcasts.accepting import approval, replies
from koinonia.messaging.broadcasts.reconciliation import message_sweep, record_lookup
from koinonia.messaging.broadcasts.sending import dispatch
from koinonia.messaging.broadcasts.tracking import delivery_reports, phone_facts
from koinonia.messaging.composing import uploads
from koinonia.messaging.importing import turns
from koinonia.messaging.inbound import phone_conversations, understanding
from koinonia.messaging.keywords import admins
from koinonia.messaging.numbers import orders, release
from koinonia.messaging.people import churches, member_changes, members_from_inbox
from koinonia.messaging.people.consent import stop_decisions
from koinonia.messaging.preview import allowance, saved_previews
from koinonia.messaging.recovery import number_recovery, number_sweep
from koinonia.messaging.schedules import due_schedules
from koinonia.messaging.timing import zone_backfill

SUBSCRIPTIONS = (
    on(ChurchRegistered, churches.record),
    on(ChurchUpdated, churches.record),
    on(ChurchVerified, verification.record),
    on(AdminJoined, admins.record),
    on(AdminRemoved, admins.record),
    on_burst(CarrierMessageReceived, understanding.understand, size=50, apart=0.05),
    on_with_running(WordsFound, understanding.understand_words),
    on_with_running(MemberRequested, members_from_inbox.create),
    effect(NumberRequested, orders.place),
    effect(NumberReleased, release.give_back),
    on_with_running(ReplyRequested, replies.create),
    on(ConversationsBegun, phone_conversations.record),
    on(UploadStored, uploads.record),
    on(UploadForgotten, uploads.forget),
    on(SpendApproved, approval.start),
    on(SpendDeclined, approval.decline),
    on(SubscriptionUpdated, allowance.record),
    on(AllowanceUpdated, allowance.record),
    on_batch(MessageCompleted, phone_facts.greet, size=20, within=0.5),
    effect(BatchReleased, dispatch.send, concurrency=4, timeout=dispatch.TIMEOUT),
    effect(ReplyReleased, dispatch.send, concurrency=8, timeout=dispatch.TIMEOUT),
    on_batch(CarrierStatusReported, delivery_reports.record, size=200, within=0.2, concurrency=2),
    on_bundles(
        CarrierStatusesReported, delivery_reports.record, size=16, within=0.2, concurrency=2
    ),
)

LOOPS = (
    every(1.0, orders.check),
    every(1.0, number_recovery.check_due),
    every(10.0, number_sweep.sweep),
    every(1.0, dispatch.recover),
    every(5.0, delivery_reports.retry_parked),
    every(10.0, message_sweep.sweep),
    every(10.0, record_lookup.look),
    every(1.0, due_schedules.make_messages),
    every(60.0, stop_decisions.count_overdue),
    every(5.0, zone_backfill.fill),
    every(1.0, turns.work),
    every(3600.0, idempotency.prune),
    every(3600.0, saved_previews.prune),
    every(3600.0, member_changes.prune),
)
