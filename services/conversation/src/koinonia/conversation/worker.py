"""Everything the shared inbox reacts to, and what it does unasked."""

from koinonia.common import idempotency
from koinonia.common.bus import on, on_batch, on_with_running
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
    MemberCreated,
    MemberOptedIn,
    MemberOptedOut,
    MemberRemoved,
    MemberUpdated,
    NumberAssigned,
    NumberReleased,
    TextUnderstood,
)
from koinonia.common.runtime import every
from koinonia.conversation.projections import churches, contacts, groups, number_routes, opt_outs, team
from koinonia.conversation.replies import delivery_updates
from koinonia.conversation.inbound import received_texts
from koinonia.conversation.automatic import answers
from koinonia.conversation.replies import due_replies
from koinonia.conversation.projections import part_prices
from koinonia.conversation.listing import thread_counts
from koinonia.conversation.media import inbound_files, uploads
from koinonia.conversation.search import search_backlog
from koinonia.conversation.actions import snoozes

SUBSCRIPTIONS = (
    on_with_running(CarrierMessageReceived, received_texts.receive),
    on_batch(TextUnderstood, answers.answer, size=50, within=0.05),
    on_batch(DeliveryUpdated, delivery_updates.apply, size=100, within=0.05),
    on(MemberCreated, contacts.note),
    on(MemberUpdated, contacts.note),
    on(MemberRemoved, contacts.forget),
    on(GroupMembersChanged, groups.note),
    on(GroupRemoved, groups.forget),
    on(MemberOptedOut, opt_outs.note),
    on(MemberOptedIn, opt_outs.note),
    on(NumberAssigned, number_routes.assign),
    on(NumberReleased, number_routes.release),
    on(AdminJoined, team.note),
    on(AdminUpdated, team.note),
    on(AdminRemoved, team.forget),
    on(ChurchRegistered, churches.note),
    on(ChurchUpdated, churches.note),
    on_batch(SubscriptionUpdated, part_prices.note, size=100, within=0.05),
    on_batch(AllowanceUpdated, part_prices.note, size=500, within=1.0),
)

LOOPS = (
    every(1.0, due_replies.fire_due),
    every(1.0, thread_counts.add_up),
    every(1.0, inbound_files.fetch_due),
    every(2.0, received_texts.take_in_parked),
    every(5.0, search_backlog.take_in),
    every(2.0, snoozes.wake),
    every(600.0, uploads.forget_unsent),
    every(3600.0, idempotency.prune),
)
