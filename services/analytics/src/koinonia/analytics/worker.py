"""Event subscriptions of analytics: every business event is kept, some are counted.

All come in batches: what is cheap for one is not for the thousands of a broadcast, an import or
schedules that are due together.
"""

from koinonia.analytics import churches, event_log, messages, people
from koinonia.analytics.running import Running
from koinonia.common.bus import Subscription, on_batch, on_batch_with_running
from koinonia.common.events import ChurchEvent
from koinonia.common.events.auth import (
    AddressMarked,
    AdminJoined,
    AdminRemoved,
    AdminUpdated,
    ChurchRegistered,
    ChurchUpdated,
    ChurchVerified,
)
from koinonia.common.events.billing import (
    AllowanceLow,
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
from koinonia.common.events.integrations import WebhookEndpointDisabled
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

SIZE = 200
SOON = 0.05  # seconds that what is counted may wait for others, as people look at the figures
LATER = 0.5  # and what is kept only


def _kept(event: type[ChurchEvent]) -> Subscription[object]:
    """An event of which nothing is counted."""
    return on_batch(event, event_log.record, size=SIZE, within=LATER)


SUBSCRIPTIONS: tuple[Subscription[Running], ...] = (
    on_batch_with_running(ChurchRegistered, churches.record, size=SIZE, within=SOON),
    on_batch_with_running(ChurchUpdated, churches.record, size=SIZE, within=SOON),
    _kept(ChurchVerified),
    _kept(AdminJoined),
    _kept(AdminUpdated),
    _kept(AdminRemoved),
    _kept(AddressMarked),
    on_batch_with_running(MessageCreated, messages.record_created, size=SIZE, within=SOON),
    _kept(MessageStarted),
    _kept(MessageQuietHoursOverridden),
    on_batch_with_running(DeliveryUpdated, messages.record_deliveries, size=SIZE, within=SOON),
    on_batch(MessageCompleted, messages.record_ended, size=SIZE, within=SOON),
    on_batch(MessageCancelled, messages.record_ended, size=SIZE, within=SOON),
    on_batch_with_running(MemberCreated, people.count_joined, size=SIZE, within=SOON),
    _kept(MemberUpdated),
    on_batch_with_running(MemberRemoved, people.count_left, size=SIZE, within=SOON),
    _kept(MemberMerged),
    _kept(GroupMembersChanged),
    _kept(ManyGroupsChanged),
    _kept(GroupRemoved),
    _kept(ImportProgressed),
    _kept(MemberOptedOut),
    _kept(MemberOptedIn),
    _kept(StopAsked),
    _kept(StopSettled),
    _kept(NumberAssigned),
    _kept(NumberReleased),
    _kept(NumberConnectionChanged),
    on_batch_with_running(
        ConversationUpdated, people.count_open_conversations, size=SIZE, within=LATER
    ),
    _kept(ConversationsBegun),
    _kept(ReplyRequested),
    _kept(TextUnderstood),
    _kept(MemberRequested),
    _kept(WordsFound),
    _kept(StaffNotified),
    _kept(UploadStored),
    _kept(UploadForgotten),
    _kept(UploadsReferenced),
    _kept(SpendApproved),
    _kept(SpendDeclined),
    _kept(SubscriptionUpdated),
    _kept(AllowanceUpdated),
    _kept(AllowanceLow),
    _kept(WebhookEndpointDisabled),
)

LOOPS: tuple[Loop[Running], ...] = ()
