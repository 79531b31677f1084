"""Everything that billing reacts to."""

from koinonia.billing import spending, subscriptions
from koinonia.common.bus import Subscription, on, on_batch
from koinonia.common.events.auth import ChurchRegistered
from koinonia.common.events.messaging import (
    DeliveryUpdated,
    MessageCancelled,
    MessageCompleted,
    MessageCreated,
)
from koinonia.common.runtime import Loop

SUBSCRIPTIONS: tuple[Subscription, ...] = (
    on(ChurchRegistered, subscriptions.start_trial, using=("settings",)),
    on(MessageCreated, spending.reserve),
    on_batch(DeliveryUpdated, spending.settle, size=100, within=0.05),
    on(MessageCompleted, spending.release),
    on(MessageCancelled, spending.release),
)

LOOPS: tuple[Loop, ...] = ()
