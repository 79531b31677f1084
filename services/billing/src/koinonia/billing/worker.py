"""Event subscriptions of billing."""

from koinonia.billing import reservations, subscriptions
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
    on(MessageCreated, reservations.reserve),
    on_batch(DeliveryUpdated, reservations.settle, size=100, within=0.05),
    on(MessageCompleted, reservations.release),
    on(MessageCancelled, reservations.release),
)

LOOPS: tuple[Loop[Running], ...] = ()
