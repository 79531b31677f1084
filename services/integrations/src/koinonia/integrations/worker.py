"""Event subscriptions and periodic jobs of integrations."""

from koinonia.common import idempotency
from koinonia.common.bus import Subscription, on_batch_with_running
from koinonia.common.events import ChurchEvent
from koinonia.common.events.billing import AllowanceLow
from koinonia.common.events.conversation import ConversationUpdated
from koinonia.common.events.messaging import (
    DeliveryUpdated,
    ImportProgressed,
    MemberCreated,
    MemberOptedIn,
    MemberOptedOut,
    MemberRemoved,
    MemberUpdated,
    MessageCompleted,
    NumberAssigned,
    NumberConnectionChanged,
    NumberReleased,
    TextUnderstood,
)
from koinonia.common.runtime import Loop, every
from koinonia.integrations.delivering import deliverer
from koinonia.integrations.log import retention
from koinonia.integrations.running import Running
from koinonia.integrations.webhooks import intake

SIZE = 200
WITHIN = 0.1  # seconds that an event may wait for others: most churches want none of them


def _delivered(event: type[ChurchEvent]) -> Subscription[Running]:
    return on_batch_with_running(event, intake.record, size=SIZE, within=WITHIN)


SUBSCRIPTIONS: tuple[Subscription[Running], ...] = (
    _delivered(MessageCompleted),
    _delivered(DeliveryUpdated),
    _delivered(ConversationUpdated),
    _delivered(TextUnderstood),
    _delivered(MemberCreated),
    _delivered(MemberUpdated),
    _delivered(MemberRemoved),
    _delivered(MemberOptedOut),
    _delivered(MemberOptedIn),
    _delivered(AllowanceLow),
    _delivered(NumberAssigned),
    _delivered(NumberReleased),
    _delivered(NumberConnectionChanged),
    _delivered(ImportProgressed),
)

LOOPS: tuple[Loop[Running], ...] = (
    every(1, deliverer.deliver),  # lasts until the process stops
    every(600, retention.prune),
    every(3600, idempotency.prune),
)
