"""``docs/asyncapi.json``: the events as an AsyncAPI 3 document, for tools that read one.

A channel is an event's routing key on the exchange. Its owner has an operation that sends, each
listener one that receives from a queue of its own.
"""

import json
from collections.abc import Sequence
from importlib.metadata import version

from pydantic.json_schema import models_json_schema

from koinonia.common.bus.topology import Names
from koinonia.common.events import REGISTRY, Event
from koinonia.devkit.documents.events import listeners
from koinonia.devkit.layout import GATEWAY
from koinonia.gateway.live import lifecycle

Part = dict[str, object]

NAMES = Names()
EXCHANGE = {"name": NAMES.events, "type": "topic", "durable": True, "vhost": "/"}
ABOUT = (
    "What the services of Koinonia tell each other over RabbitMQ. An event's name is its routing "
    "key. Each listener has a durable queue of its own for it, `<listener>.<event>`, and a dead "
    "queue beside that, `….dead`. Delivery is at least once; the same `id` is the same event, and "
    "a listener applies it once."
)
HEADERS: Part = {
    "type": "object",
    "properties": {
        "church_id": {"type": "string", "description": "the church, where it is known"},
        "traceparent": {"type": "string", "description": "W3C trace context"},
        "attempt": {"type": "integer", "description": "how often it failed before"},
    },
}


def document() -> str:
    """The whole document as JSON."""
    heard = listeners()
    events = list(REGISTRY.values())
    whole = {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Koinonia events",
            "version": version("koinonia-common"),
            "description": ABOUT,
        },
        "defaultContentType": "application/json",
        "servers": {
            "broker": {
                "host": "rabbitmq:5672",
                "protocol": "amqp",
                "protocolVersion": "0.9.1",
                "description": "The one in `KOINONIA_RABBITMQ_URL`.",
            }
        },
        "channels": {event.name: _channel(event) for event in events},
        "operations": {
            name: operation
            for event in events
            for name, operation in _operations(event, heard[event.name])
        },
        "components": {
            "messages": {event.__name__: _message(event) for event in events},
            "schemas": _schemas(events),
        },
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _channel(event: type[Event]) -> Part:
    return {
        "address": event.name,
        "messages": {event.__name__: _reference("components", "messages", event.__name__)},
        "bindings": {"amqp": {"is": "routingKey", "exchange": EXCHANGE}},
    }


def _operations(event: type[Event], listeners: Sequence[str]) -> list[tuple[str, Part]]:
    channel = {
        "channel": _reference("channels", event.name),
        "messages": [_reference("channels", event.name, "messages", event.__name__)],
    }
    sent: Part = {"action": "send", "summary": f"{event.owner} publishes {event.name}", **channel}
    sent["bindings"] = {"amqp": {"deliveryMode": 2}}
    received: list[tuple[str, Part]] = [
        (
            f"{listener}.receives.{event.name}",
            {
                "action": "receive",
                "summary": f"{listener} hears {event.name}",
                "description": _source(listener, event),
                **channel,
                "bindings": {"amqp": {"ack": True}},
            },
        )
        for listener in listeners
    ]
    return [(f"{event.owner}.sends.{event.name}", sent), *received]


def _source(listener: str, event: type[Event]) -> str:
    if listener == GATEWAY:
        return (
            f"From the stream `{NAMES.stream(lifecycle.STREAM)}`, to show it by `GET /api/events`."
        )
    return f"From the queue `{NAMES.queue(listener, event.name)}`."


def _message(event: type[Event]) -> Part:
    own = event.__dict__.get("__doc__")
    return {
        "name": event.name,
        "title": event.__name__,
        **({"description": " ".join(own.split())} if own else {}),
        "tags": [{"name": event.owner}],
        "headers": HEADERS,
        "payload": _reference("components", "schemas", event.__name__),
    }


def _schemas(events: Sequence[type[Event]]) -> Part:
    """The bodies as they are on the wire, and what they are made of."""
    _, found = models_json_schema(
        [(event, "serialization") for event in events],
        ref_template="#/components/schemas/{model}",
    )
    schemas: Part = found["$defs"]
    return schemas


def _reference(*path: str) -> Part:
    return {"$ref": "#/" + "/".join(part.replace("~", "~0").replace("/", "~1") for part in path)}
