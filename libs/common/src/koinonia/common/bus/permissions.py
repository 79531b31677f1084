"""What a service's own user may do on the broker, and how it is made.

A user may read the queues of its service, publish the events that its service owns, retry and bury
what came from its own queues, and declare nothing: ``migrate`` does that as the broker's owner. Who
follows streams declares and fills those. RabbitMQ asks two things: whether the user may touch the
exchange or queue at all, and on a topic exchange whether the routing key is one of its.

The user is made through the HTTP API of RabbitMQ's management plugin, which managed brokers have
too. Where there is none, ``permissions`` of a service prints what ``rabbitmqctl`` is to be told.
"""

import base64
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

import httpx

from koinonia.common.bus.topology import LADDER, Names
from koinonia.common.events.base import REGISTRY

CALL_SECONDS = 10.0
NOTHING = "^$"


@dataclass(frozen=True, slots=True)
class Topic:
    """Regular expressions of the routing keys that may be published and bound."""

    write: str
    read: str = NOTHING


@dataclass(frozen=True, slots=True)
class Permissions:
    """``configure``, ``write`` and ``read`` are regular expressions of exchanges and queues;
    ``topics`` narrow what may be done on topic exchanges, by their names."""

    user: str
    configure: str
    write: str
    read: str
    topics: Mapping[str, Topic]


def user(service: str, names: Names) -> str:
    """The name of the service's user, as that of its role in PostgreSQL."""
    return f"{names.namespace}koinonia_{service}"


def of_service(
    service: str, names: Names, streams: Mapping[str, Collection[str]] | None = None
) -> Permissions:
    """``streams`` are those that the service follows, with the events that they hold."""
    own = [name for name, event in REGISTRY.items() if event.owner == service]
    followed = [names.stream(stream) for stream in streams or ()]
    shown = {event for events in (streams or {}).values() for event in events}
    queues = f"^{re.escape(names.queue(service, ''))}.+$"
    dead = f"^{re.escape(names.queue(service, ''))}.+{re.escape(names.dead(''))}$"
    ladder = [names.again(seconds) for seconds in LADDER]
    readable = _any([*followed, names.events] if followed else [])
    return Permissions(
        user=user(service, names),
        configure=_any(followed),
        write=_any([*followed, names.events, names.buried, *ladder]),
        read=f"{queues}|{readable}" if followed else queues,
        topics={
            names.events: Topic(_any(own), _any(sorted(shown))),
            names.buried: Topic(dead),
            **{step: Topic(queues) for step in ladder},
        },
    )


async def grant(
    management_url: str, broker_url: str, permissions: Permissions, password: str
) -> None:
    """Make the user, or give it this password and exactly these permissions, in the virtual host of
    ``broker_url``. ``management_url`` holds an administrator's user and password. Raises
    ``httpx.HTTPError``. May be repeated."""
    address = urlsplit(management_url)
    base = f"{address.scheme}://{address.netloc.rpartition('@')[2]}{address.path.rstrip('/')}/api"
    administrator = f"{unquote(address.username or '')}:{unquote(address.password or '')}"
    headers = {"Authorization": f"Basic {base64.b64encode(administrator.encode()).decode()}"}
    who, host = quote(permissions.user, safe=""), quote(_virtual_host(broker_url), safe="")
    async with httpx.AsyncClient(headers=headers, timeout=CALL_SECONDS, trust_env=False) as api:
        await _put(api, f"{base}/users/{who}", {"password": password, "tags": ""})
        await _put(
            api,
            f"{base}/permissions/{host}/{who}",
            {name: getattr(permissions, name) for name in ("configure", "write", "read")},
        )
        for exchange, topic in permissions.topics.items():
            await _put(
                api,
                f"{base}/topic-permissions/{host}/{who}",
                {"exchange": exchange, "write": topic.write, "read": topic.read},
            )


def commands(permissions: Permissions) -> list[str]:
    """The same for ``rabbitmqctl``, without the password."""
    who = permissions.user
    allowed = (permissions.configure, permissions.write, permissions.read)
    return [
        f"rabbitmqctl add_user {who}",
        " ".join([f"rabbitmqctl set_permissions {who}", *map(_quoted, allowed)]),
        *(
            f"rabbitmqctl set_topic_permissions {who} {exchange} "
            f"{_quoted(topic.write)} {_quoted(topic.read)}"
            for exchange, topic in permissions.topics.items()
        ),
    ]


def user_url(broker_url: str, who: str, password: str) -> str:
    """The same broker and virtual host for that user."""
    address = urlsplit(broker_url)
    place = address.netloc.rpartition("@")[2]
    signed_in = f"{quote(who, safe='')}:{quote(password, safe='')}"
    return address._replace(netloc=f"{signed_in}@{place}").geturl()


async def _put(api: httpx.AsyncClient, url: str, body: Mapping[str, str]) -> None:
    (await api.put(url, json=body)).raise_for_status()


def _any(names: Iterable[str]) -> str:
    """Exactly these; nothing where there is none."""
    alternatives = "|".join(re.escape(name) for name in names)
    return f"^({alternatives})$" if alternatives else NOTHING


def _virtual_host(broker_url: str) -> str:
    """An empty path means the default one, ``/``."""
    return unquote(urlsplit(broker_url).path.removeprefix("/")) or "/"


def _quoted(expression: str) -> str:
    return f"'{expression}'"
