"""Event subscriptions of analytics: every business event is kept, some are counted."""

from koinonia.analytics import churches, event_log, messages, people
from koinonia.analytics.running import Running
from koinonia.common.bus import Subscription, on, on_batch, on_batch_with_running, on_with_running
from koinonia.common.events.auth import (
    AdminJoined,
    AdminRemoved,
    AdminUpdated,
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
    ConversationUpdated,
    MemberRequested,
    ReplyRequested,
    StaffNotified,
    UploadForgotten,
    UploadStored,
    WordsFound,
)
from koinonia.common.events.messaging import (
    DeliveryUpdated,
    GroupMembersChanged,
    GroupRemoved,
    ImportProgressed,
    ManyGroupsChanged,
    MemberCreated,
    MemberMerged,
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
    NumberConnectionChanged,
    NumberReleased,
    StopAsked,
    StopSettled,
    TextUnderstood,
    UploadsReferenced,
)
from koinonia.common.runtime import Loop

SUBSCRIPTIONS: tuple[Subscription[Running], ...] = (
    on_with_running(ChurchRegistered, churches.record),
    on_with_running(ChurchUpdated, churches.record),
    on(ChurchVerified, event_log.record),
    on(AdminJoined, event_log.record),
    on(AdminUpdated, event_log.record),
    on(AdminRemoved, event_log.record),
    on_with_running(MessageCreated, messages.record_created),
    on(MessageStarted, event_log.record),
    on(MessageQuietHoursOverridden, event_log.record),
    on_batch_with_running(DeliveryUpdated, messages.record_deliveries, size=100, within=0.05),
    on(MessageCompleted, messages.record_ended),
    on(MessageCancelled, messages.record_ended),
    on_with_running(MemberCreated, people.count_joined),
    on(MemberUpdated, event_log.record),
    on_with_running(MemberRemoved, people.count_left),
    on(MemberMerged, event_log.record),
    on(GroupMembersChanged, event_log.record),
    on(ManyGroupsChanged, event_log.record),
    on(GroupRemoved, event_log.record),
    on(ImportProgressed, event_log.record),
    on(MemberOptedOut, event_log.record),
    on(MemberOptedIn, event_log.record),
    on(StopAsked, event_log.record),
    on(StopSettled, event_log.record),
    on(NumberAssigned, event_log.record),
    on(NumberReleased, event_log.record),
    on(NumberConnectionChanged, event_log.record),
    on_batch_with_running(
        ConversationUpdated, people.count_open_conversations, size=200, within=0.5
    ),
    on(ConversationsBegun, event_log.record),
    on(ReplyRequested, event_log.record),
    on_batch(TextUnderstood, event_log.record_batch, size=200, within=1.0),
    on(MemberRequested, event_log.record),
    on(WordsFound, event_log.record),
    on(StaffNotified, event_log.record),
    on(UploadStored, event_log.record),
    on(UploadForgotten, event_log.record),
    on(UploadsReferenced, event_log.record),
    on(SpendApproved, event_log.record),
    on(SpendDeclined, event_log.record),
    on(SubscriptionUpdated, event_log.record),
    on(AllowanceUpdated, event_log.record),
)

LOOPS: tuple[Loop[Running], ...] = ()
