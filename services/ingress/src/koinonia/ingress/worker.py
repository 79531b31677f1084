"""What the ingress does besides serving: its relay drains the spool, a loop forgets old calls.

It reacts to nothing.
"""

from koinonia.common.bus import Subscription
from koinonia.common.runtime import every
from koinonia.ingress import kept
from koinonia.ingress.running import Running

SUBSCRIPTIONS: tuple[Subscription[Running], ...] = ()

LOOPS = (every(3600, kept.prune),)
