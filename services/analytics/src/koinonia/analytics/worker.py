"""Everything that analytics reacts to: each business event is kept, some are counted."""

from koinonia.analytics import churches, event_log, messages, people
from koinonia.common.bus import Subscription, on, on_batch
from koinonia.common.events.auth import (
    AdminJoined,
    AdminRemoved,
    AdminUpdated,
    ChurchRegistered,
    ChurchUpdated,
)
from koinonia.common.events.billing import (
    AllowanceUpdated,
    SpendApproved,
    SpendDeclined,
    SubscriptionUpdated,
)
from koinonia.common.events.conversation import (
    ConversationUpdated,
    MemberRequested,
    ReplyRequested,
    StaffNotified,
)
from koinonia.common.events.messaging import (
    DeliveryUpdated,
    GroupMembersChanged,
    GroupRemoved,
    MemberCreated,
    MemberOptedIn,
    MemberOptedOut,
    MemberRemoved,
    MemberUpdated,
    MessageCancelled,
    MessageCompleted,
    MessageCreated,
    MessageQuietHoursOverridden,
    MessageStarted,
    NumberAssigned,
    NumberReleased,
    TextUnderstood,
)
from koinonia.common.runtime import Loop

CACHE = ("cache",)

SUBSCRIPTIONS: tuple[Subscription, ...] = (
    on(ChurchRegistered, churches.learn, using=CACHE),
    on(ChurchUpdated, churches.learn, using=CACHE),
    on(AdminJoined, event_log.note),
    on(AdminUpdated, event_log.note),
    on(AdminRemoved, event_log.note),
    on(MessageCreated, messages.begin, using=CACHE),
    on(MessageStarted, event_log.note),
    on(MessageQuietHoursOverridden, event_log.note),
    on_batch(DeliveryUpdated, messages.move, size=100, within=0.05, using=CACHE),
    on(MessageCompleted, messages.end),
    on(MessageCancelled, messages.end),
    on(MemberCreated, people.join, using=CACHE),
    on(MemberUpdated, event_log.note),
    on(MemberRemoved, people.leave, using=CACHE),
    on(GroupMembersChanged, event_log.note),
    on(GroupRemoved, event_log.note),
    on(MemberOptedOut, event_log.note),
    on(MemberOptedIn, event_log.note),
    on(NumberAssigned, event_log.note),
    on(NumberReleased, event_log.note),
    on_batch(ConversationUpdated, people.talk, size=200, within=0.5, using=CACHE),
    on(ReplyRequested, event_log.note),
    on_batch(TextUnderstood, event_log.note_many, size=200, within=1.0),
    on(MemberRequested, event_log.note),
    on(StaffNotified, event_log.note),
    on(SpendApproved, event_log.note),
    on(SpendDeclined, event_log.note),
    on(SubscriptionUpdated, event_log.note),
    on(AllowanceUpdated, event_log.note),
)

LOOPS: tuple[Loop, ...] = ()
