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
from koinonia.conversation import (
    churches,
    contacts,
    deliveries,
    groups,
    inbound,
    numbers,
    optouts,
    team,
)
from koinonia.conversation.answering import automatic, firing, prices
from koinonia.conversation.listing import counts
from koinonia.conversation.media import fetching, uploads
from koinonia.conversation.searching import backlog
from koinonia.conversation.working import snoozing

SUBSCRIPTIONS = (
    on_with_running(CarrierMessageReceived, inbound.receive),
    on_batch(TextUnderstood, automatic.answer, size=50, within=0.05),
    on_batch(DeliveryUpdated, deliveries.apply, size=100, within=0.05),
    on(MemberCreated, contacts.note),
    on(MemberUpdated, contacts.note),
    on(MemberRemoved, contacts.forget),
    on(GroupMembersChanged, groups.note),
    on(GroupRemoved, groups.forget),
    on(MemberOptedOut, optouts.note),
    on(MemberOptedIn, optouts.note),
    on(NumberAssigned, numbers.assign),
    on(NumberReleased, numbers.release),
    on(AdminJoined, team.note),
    on(AdminUpdated, team.note),
    on(AdminRemoved, team.forget),
    on(ChurchRegistered, churches.note),
    on(ChurchUpdated, churches.note),
    on_batch(SubscriptionUpdated, prices.note, size=100, within=0.05),
    on_batch(AllowanceUpdated, prices.note, size=500, within=1.0),
)

LOOPS = (
    every(1.0, firing.fire_due),
    every(1.0, counts.add_up),
    every(1.0, fetching.fetch_due),
    every(2.0, inbound.take_in_parked),
    every(5.0, backlog.take_in),
    every(2.0, snoozing.wake),
    every(600.0, uploads.forget_unsent),
    every(3600.0, idempotency.prune),
)
