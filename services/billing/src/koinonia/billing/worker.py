"""Event subscriptions of billing."""

from koinonia.billing import reservations, subscriptions
from koinonia.billing.running import Running
from koinonia.common.bus import Subscription, on_batch, on_with_running
from koinonia.common.events.auth import ChurchRegistered
from koinonia.common.events.messaging import (
    DeliveryUpdated,
    MessageCancelled,
    MessageCompleted,
    MessageCreated,
)
from koinonia.common.runtime import Loop

AT_ONCE = 0.0  # what waits comes together, and nothing waits for others: a reply needs its answer

SUBSCRIPTIONS: tuple[Subscription[Running], ...] = (
    on_with_running(ChurchRegistered, subscriptions.start_trial),
    on_batch(MessageCreated, reservations.reserve, size=100, within=AT_ONCE),
    on_batch(DeliveryUpdated, reservations.settle, size=100, within=0.05),
    on_batch(MessageCompleted, reservations.release, size=100, within=AT_ONCE),
    on_batch(MessageCancelled, reservations.release, size=100, within=AT_ONCE),
)

LOOPS: tuple[Loop[Running], ...] = ()
