"""Event subscriptions and periodic jobs."""

from koinonia.common import idempotency
from koinonia.common.bus import on, on_batch, on_burst
from koinonia.common.events.auth import (
    AdminJoined,
    AdminRemoved,
    AdminUpdated,
    ChurchRegistered,
    ChurchUpdated,
)
from koinonia.common.events.billing import AllowanceUpdated, SubscriptionUpdated
from koinonia.common.events.ingress import CarrierMessageReceived
from koinonia.common.events.messaging import (
    DeliveryUpdated,
    GroupMembersChanged,
    GroupRemoved,
    ManyGroupsChanged,
    MemberCreated,
    MemberMerged,
    MemberOptedIn,
    MemberOptedOut,
    MemberRemoved,
    MemberUpdated,
    NumberAssigned,
    NumberReleased,
    StopAsked,
    StopSettled,
    TextUnderstood,
    UploadsReferenced,
)
from koinonia.common.runtime import every
from koinonia.conversation.actions import snoozes, stop_questions, withdrawals
from koinonia.conversation.automatic import automatic_answers
from koinonia.conversation.inbound import parked_release, received_texts
from koinonia.conversation.listing import thread_counts
from koinonia.conversation.media import inbound_files, upload_holders, uploads
from koinonia.conversation.presence import presence
from koinonia.conversation.projections import (
    churches,
    contacts,
    groups,
    number_routes,
    opt_outs,
    part_prices,
    team,
)
from koinonia.conversation.replies import delivery_updates, due_replies
from koinonia.conversation.search import search_backlog
from koinonia.conversation.threads import unread_threads

SUBSCRIPTIONS = (
    on_burst(CarrierMessageReceived, received_texts.receive, size=50, apart=0.025),
    on_batch(TextUnderstood, automatic_answers.answer_understood, size=50, within=0.05),
    on_batch(DeliveryUpdated, delivery_updates.apply, size=100, within=0.05),
    on(MemberCreated, contacts.record),
    on(MemberUpdated, contacts.record),
    on(MemberRemoved, contacts.remove),
    on(MemberMerged, contacts.merge),
    on(GroupMembersChanged, groups.record),
    on(ManyGroupsChanged, groups.record),
    on(GroupRemoved, groups.remove),
    on(MemberOptedOut, opt_outs.record),
    on(MemberOptedIn, opt_outs.record),
    on(StopAsked, stop_questions.open_question),
    on(StopSettled, stop_questions.close_question),
    on(NumberAssigned, number_routes.assign),
    on(NumberReleased, number_routes.release),
    on(UploadsReferenced, upload_holders.record),
    on(AdminJoined, team.record),
    on(AdminUpdated, team.record),
    on(AdminRemoved, team.remove),
    on(ChurchRegistered, churches.record),
    on(ChurchUpdated, churches.record),
    on_batch(SubscriptionUpdated, part_prices.record, size=100, within=0.05),
    on_batch(AllowanceUpdated, part_prices.record, size=500, within=1.0),
)

LOOPS = (
    every(1.0, due_replies.send_due),
    every(1.0, thread_counts.add_up),
    every(1.0, inbound_files.fetch_due),
    every(2.0, parked_release.take_in_owned),
    every(5.0, search_backlog.index_backlog),
    every(2.0, snoozes.wake_due),
    every(2.0, withdrawals.withdraw_due),
    every(5.0, unread_threads.settle_due),
    every(2.0, presence.end_lapsed),
    every(600.0, uploads.forget_unsent),
    every(3600.0, idempotency.prune),
)
