"""RabbitMQ: the only importer of aio_pika.

``topology`` declares exchanges, queues and the retry ladder; ``envelope`` turns an event into a
message and back; ``publisher`` publishes with confirms; ``subscriptions`` is how a service says
what it reacts to; ``policies`` wrap a reaction, one concern each; ``consumer`` runs them.
``streams`` follows events that are only shown, in every process that shows them.
``dead`` and ``letters`` are for operators: what could not be applied.
"""

from koinonia.common.bus.consumer import Consumer
from koinonia.common.bus.envelope import Envelope
from koinonia.common.bus.former import StillHeard, move_queues
from koinonia.common.bus.publisher import Publisher, PublishError
from koinonia.common.bus.streams import StreamReader
from koinonia.common.bus.subscriptions import (
    Reject,
    Subscription,
    effect,
    on,
    on_batch,
    on_batch_with_running,
    on_bundles,
    on_burst,
    on_with_running,
)
from koinonia.common.bus.topology import Names, declare

__all__ = [
    "Consumer",
    "Envelope",
    "Names",
    "PublishError",
    "Publisher",
    "Reject",
    "StillHeard",
    "StreamReader",
    "Subscription",
    "declare",
    "effect",
    "move_queues",
    "on",
    "on_batch",
    "on_batch_with_running",
    "on_bundles",
    "on_burst",
    "on_with_running",
]
