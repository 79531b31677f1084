"""The environment of each process: secrets of its own making, servers, neighbours.

Any ``KOINONIA_*`` variable of the user wins, so that another carrier or server can be plugged in.
Two are not handed on as they are: ``KOINONIA_DATABASE_URL`` names the administrator here, while
each service signs in under its own role; ``KOINONIA_PORT`` is the gateway's.
"""

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import make_url

from koinonia.common.bus import Names, permissions
from koinonia.common.testing.databases import role_url
from koinonia.common.testing.secrets import demo_environment, derived_hex, role_password
from koinonia.devkit.carrier import accounts
from koinonia.devkit.carrier.unlimited import UNLIMITED
from koinonia.devkit.layout import (
    CARRIER,
    CARRIER_PORT,
    PAGES,
    SERVICES,
    ports,
    service_of,
    with_schema,
)

_NOT_HANDED_ON = {"KOINONIA_DATABASE_URL", "KOINONIA_PORT", "KOINONIA_REPLICA_URL"}


@dataclass(frozen=True)
class Environment:
    """Everything that differs from one system to another.

    ``database_url`` is the administrator's, in the database that holds the schemas; ``seed``
    decides all secrets; ``given`` wins over what is computed; ``copies`` are further workers, such
    as ``messaging@2``, each with a port of its own. With ``rabbitmq_management_url`` each service
    is a user of its own on the broker, as in production.
    """

    database_url: str
    rabbitmq_url: str
    redis_url: str
    seed: str
    ports: Mapping[str, int] = field(default_factory=ports)
    given: Mapping[str, str] = field(default_factory=dict)
    copies: Sequence[str] = ()
    rabbitmq_management_url: str | None = None

    def url(self, part: str) -> str:
        return f"http://127.0.0.1:{self.ports[part]}"

    @property
    def gateway_url(self) -> str:
        return self.url("gateway")

    @property
    def simulates_carrier(self) -> bool:
        return "KOINONIA_TELNYX_API_URL" not in self.given

    @property
    def parts(self) -> tuple[str, ...]:
        """What is to run, in the order of starting."""
        services = (*SERVICES, *self.copies)
        return (CARRIER, *services) if self.simulates_carrier else services

    @property
    def namespace(self) -> str:
        return self.given.get("KOINONIA_BUS_NAMESPACE", "")

    @property
    def role_password(self) -> str:
        return role_password(self.database_url)

    def broker_password(self, service: str) -> str:
        return derived_hex(self.seed, f"broker user {service}")

    def broker_url(self, service: str) -> str:
        """What the service signs in to RabbitMQ with."""
        if self.rabbitmq_management_url is None:
            return self.rabbitmq_url
        user = permissions.user(service, Names(self.namespace))
        return permissions.user_url(self.rabbitmq_url, user, self.broker_password(service))

    def variables(self, part: str) -> dict[str, str]:
        """The whole environment of one process."""
        shared = {
            **demo_environment(self.seed),
            **{f"KOINONIA_{name.upper()}_URL": self.url(name) for name in SERVICES},
            "KOINONIA_RABBITMQ_URL": self.rabbitmq_url,
            "KOINONIA_REDIS_URL": self.redis_url,
            "KOINONIA_PUBLIC_URL": self.gateway_url,
            "KOINONIA_WEBHOOKS_URL": self.url("ingress"),
            **accounts.addresses(self.url(CARRIER)),
            "KOINONIA_LOG_FORMAT": "console",
            "KOINONIA_HOST": "127.0.0.1",
            "KOINONIA_PAGES_FOLDER": str(PAGES),
            "KOINONIA_CONNECTIONS_PER_ADDRESS": "0",  # everybody is this machine
            **self._unlimited(),
            **self._media(),
            **self._webhooks(),
            **self._mail(),
        }
        own = {"KOINONIA_PORT": str(self.ports[part]), "PYTHONUNBUFFERED": "1"}
        if (service := service_of(part)) in SERVICES:
            own["KOINONIA_DATABASE_URL"] = role_url(self.database_url, service)
            own["KOINONIA_RABBITMQ_URL"] = self.broker_url(service)
        return {**_system(), **shared, **self.given, **own}

    def _media(self) -> dict[str, str]:
        """The simulated carrier is no public machine, and nothing else that is not is fetched
        from. Files are kept in ``media`` below the folder that the processes run in."""
        if not self.simulates_carrier:
            return {}
        return {"KOINONIA_MEDIA_ALLOWED_HOSTS": f"127.0.0.1:{self.ports[CARRIER]}"}

    def _webhooks(self) -> dict[str, str]:
        """A receiver beside the simulated carrier is no public machine."""
        return {"KOINONIA_WEBHOOK_LOOPBACK": "true"} if self.simulates_carrier else {}

    def _mail(self) -> dict[str, str]:
        """The process that simulates the carrier shows on a page what is mailed."""
        if not self.simulates_carrier:
            return {}
        return {
            "KOINONIA_MAIL_PROVIDER": "mailbox",
            "KOINONIA_MAILBOX_URL": f"{self.url(CARRIER)}/mailbox",
        }

    def _unlimited(self) -> dict[str, str]:
        """With a real carrier the limits and quiet hours of the product hold."""
        if not self.simulates_carrier:
            return {}
        return {f"KOINONIA_{name.upper()}": str(value) for name, value in UNLIMITED.items()}


def given_by_user() -> dict[str, str]:
    """The user's own ``KOINONIA_*`` variables, as far as they are for every process."""
    return {
        name: value
        for name, value in os.environ.items()
        if name.startswith("KOINONIA_") and name not in _NOT_HANDED_ON
    }


def kept_seed(folder: Path) -> str:
    """The seed of a system's secrets, made at the first call and readable by its owner only."""
    path = folder / "seed"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_secret(path, secrets.token_hex(32))
    return path.read_text()


def seed_of(database_url: str) -> str:
    """The seed of a system in somebody else's database: the same wherever it is started from,
    and as secret as the password in ``database_url``."""
    url = make_url(database_url)
    name = f"{url.host}:{url.port}/{url.database}"
    return hmac.new((url.password or "").encode(), name.encode(), hashlib.sha256).hexdigest()


def write_secret(path: Path, text: str) -> None:
    """Write a new file that its owner alone may read. Raises FileExistsError."""
    with open(path, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(text)


def for_compose() -> str:
    """The text of ``.env``: what docker-compose.yml requires, with secrets of its own."""
    values = {
        **demo_environment(secrets.token_hex(32)),
        **accounts.addresses(f"http://gateway:{CARRIER_PORT}"),
        "KOINONIA_MEDIA_ALLOWED_HOSTS": f"gateway:{CARRIER_PORT}",
        "KOINONIA_MAIL_PROVIDER": "mailbox",
        "KOINONIA_MAILBOX_URL": f"http://gateway:{CARRIER_PORT}/mailbox",
        "KOINONIA_WEBHOOKS_URL": "http://ingress:8000",  # with a real carrier: a public address
        "KOINONIA_ADDRESSES_VERIFIED_BY": "registration",  # a simulated text costs nothing
        **{
            f"KOINONIA_{service.upper()}_DATABASE_PASSWORD": secrets.token_hex(16)
            for service in with_schema()
        },
        **{
            f"KOINONIA_{service.upper()}_RABBITMQ_PASSWORD": secrets.token_hex(16)
            for service in SERVICES
        },
        "KOINONIA_POSTGRES_PASSWORD": secrets.token_hex(16),
        "KOINONIA_RABBITMQ_PASSWORD": secrets.token_hex(16),
        "KOINONIA_REDIS_PASSWORD": secrets.token_hex(16),
    }
    return "".join(f"{name}={value}\n" for name, value in values.items())


def _system() -> dict[str, str]:
    """What a process needs of the machine: path, home, locale; nothing of ours."""
    return {name: value for name, value in os.environ.items() if not name.startswith("KOINONIA_")}
