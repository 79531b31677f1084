"""No event subscriptions; one periodic job. The relay drains the spool."""

from koinonia.common.bus import Subscription
from koinonia.common.runtime import every
from koinonia.ingress import kept_calls
from koinonia.ingress.running import Running

SUBSCRIPTIONS: tuple[Subscription[Running], ...] = ()

LOOPS = (every(3600, kept_calls.prune),)
