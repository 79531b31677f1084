"""Everything that analytics reacts to: each business event is kept, some are counted."""

from koinonia.analytics import churches, event_log, messages, people
from koinonia.analytics.running import Running
from koinonia.common.bus import Subscription, on, on_batch, on_batch_with_running, on_with_running
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

SUBSCRIPTIONS: tuple[Subscription[Running], ...] = (
    on_with_running(ChurchRegistered, churches.learn),
    on_with_running(ChurchUpdated, churches.learn),
    on(AdminJoined, event_log.note),
    on(AdminUpdated, event_log.note),
    on(AdminRemoved, event_log.note),
    on_with_running(MessageCreated, messages.begin),
    on(MessageStarted, event_log.note),
    on(MessageQuietHoursOverridden, event_log.note),
    on_batch_with_running(DeliveryUpdated, messages.move, size=100, within=0.05),
    on(MessageCompleted, messages.end),
    on(MessageCancelled, messages.end),
    on_with_running(MemberCreated, people.join),
    on(MemberUpdated, event_log.note),
    on_with_running(MemberRemoved, people.leave),
    on(GroupMembersChanged, event_log.note),
    on(GroupRemoved, event_log.note),
    on(MemberOptedOut, event_log.note),
    on(MemberOptedIn, event_log.note),
    on(NumberAssigned, event_log.note),
    on(NumberReleased, event_log.note),
    on_batch_with_running(ConversationUpdated, people.talk, size=200, within=0.5),
    on(ReplyRequested, event_log.note),
    on_batch(TextUnderstood, event_log.note_many, size=200, within=1.0),
    on(MemberRequested, event_log.note),
    on(StaffNotified, event_log.note),
    on(SpendApproved, event_log.note),
    on(SpendDeclined, event_log.note),
    on(SubscriptionUpdated, event_log.note),
    on(AllowanceUpdated, event_log.note),
)

LOOPS: tuple[Loop[Running], ...] = ()
