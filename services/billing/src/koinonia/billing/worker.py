"""Everything that billing reacts to."""

from koinonia.billing import spending, subscriptions
from koinonia.billing.running import Running
from koinonia.common.bus import Subscription, on, on_batch, on_with_running
from koinonia.common.events.auth import ChurchRegistered
from koinonia.common.events.messaging import (
    DeliveryUpdated,
    MessageCancelled,
    MessageCompleted,
    MessageCreated,
)
from koinonia.common.runtime import Loop

SUBSCRIPTIONS: tuple[Subscription[Running], ...] = (
    on_with_running(ChurchRegistered, subscriptions.start_trial),
    on(MessageCreated, spending.reserve),
    on_batch(DeliveryUpdated, spending.settle, size=100, within=0.05),
    on(MessageCompleted, spending.release),
    on(MessageCancelled, spending.release),
)

LOOPS: tuple[Loop[Running], ...] = ()
