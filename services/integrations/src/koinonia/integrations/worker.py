"""Event subscriptions and periodic jobs of integrations."""

from koinonia.common import idempotency
from koinonia.common.bus import Subscription
from koinonia.common.runtime import Loop, every
from koinonia.integrations.running import Running

SUBSCRIPTIONS: tuple[Subscription[Running], ...] = ()

LOOPS: tuple[Loop[Running], ...] = (every(3600, idempotency.prune),)
