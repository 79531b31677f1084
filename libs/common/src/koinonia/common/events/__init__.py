"""All events, one module per owning service. Only the owner constructs them (a test checks)."""

from koinonia.common.events import auth, billing, conversation, ingress, integrations, messaging
from koinonia.common.events.base import REGISTRY, ChurchEvent, Event, EventPart, by_church

__all__ = [
    "REGISTRY",
    "ChurchEvent",
    "Event",
    "EventPart",
    "auth",
    "billing",
    "by_church",
    "conversation",
    "ingress",
    "integrations",
    "messaging",
]
