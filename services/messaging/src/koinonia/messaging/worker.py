"""Everything messaging reacts to, and what it does unasked."""

from koinonia.common.bus import effect, on
from koinonia.common.events.auth import ChurchRegistered, ChurchUpdated
from koinonia.common.events.messaging import NumberRequested
from koinonia.common.events.webhooks import CarrierMessageReceived
from koinonia.common.runtime import every
from koinonia.messaging.numbers import orders
from koinonia.messaging.people import churches, consent

SUBSCRIPTIONS = (
    on(ChurchRegistered, churches.note),
    on(ChurchUpdated, churches.note),
    on(CarrierMessageReceived, consent.note, using=("phones",)),
    effect(NumberRequested, orders.place),
)

LOOPS = (every(1.0, orders.check),)
