"""Settings of the gateway: service addresses, CSRF key, trusted proxies, limits."""

import base64
import binascii
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import limits
from limits import RateLimitItem
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    InstanceOf,
    SecretStr,
    field_validator,
)
from pydantic_settings import NoDecode

from koinonia.common import settings
from koinonia.common.bus.streams import KEPT_SECONDS
from koinonia.common.web.addresses import DoorSettings
from koinonia.gateway import routes

CSRF_KEY_BYTES = 32


def _limit(text: object) -> RateLimitItem:
    """A limit as it is written: ``5/15minutes``, ``600/minute``."""
    item = limits.parse(str(text))
    if item.amount < 1:
        raise ValueError("a limit allows at least 1")
    return item


def _listed(text: object) -> object:
    if isinstance(text, str):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    return text


def _origin(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError(f"{url!r} is no origin; write https://app.example.org")
    return f"{parts.scheme}://{parts.netloc}".lower()


def _service_url(url: str) -> str:
    _origin(url)
    return url.rstrip("/")


ServiceUrl = Annotated[str, AfterValidator(_service_url)]
Limit = Annotated[InstanceOf[RateLimitItem], BeforeValidator(_limit)]
Listed = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]


class Settings(DoorSettings, settings.EventTextSettings, settings.CookieSettings):
    """Settings of the gateway."""

    port: int = 8080
    messaging_url: ServiceUrl = "http://127.0.0.1:8002"  # where the gateway finds it
    conversation_url: ServiceUrl = "http://127.0.0.1:8003"  # where the gateway finds it
    billing_url: ServiceUrl = "http://127.0.0.1:8004"  # where the gateway finds it
    analytics_url: ServiceUrl = "http://127.0.0.1:8005"  # where the gateway finds it
    ingress_url: ServiceUrl = "http://127.0.0.1:8006"  # where the gateway finds it
    integrations_url: ServiceUrl = "http://127.0.0.1:8007"  # where the gateway finds it
    upstream_connections: int = Field(default=100, ge=1)  # to each service
    upstream_seconds: float = Field(default=30.0, gt=0)

    # Of answers that the gateway gives itself, in the memory of this process; 0 keeps none.
    kept_answers_bytes: int = Field(default=32 * 1024 * 1024, ge=0)  # about 2,000 lists

    rabbitmq_url: SecretStr  # amqp://user:password@host:5672/vhost, for the event stream alone
    bus_namespace: str = ""  # a prefix for every exchange and queue; tests use it
    live_streams: int = Field(default=2000, ge=1)  # open event streams of this process
    live_streams_per_admin: int = Field(default=10, ge=1)  # of them of one admin
    live_beat_seconds: float = Field(default=15.0, gt=0)  # a sign of life on a quiet stream
    live_write_seconds: float = Field(default=10.0, gt=0)  # a client that reads nothing is let go
    live_queue_bytes: int = Field(default=262_144, ge=1024)  # that may wait for one client
    live_session_seconds: float = Field(default=5.0, gt=0)  # how often ended sessions are asked for
    live_window_seconds: float = Field(default=300.0, gt=0, le=KEPT_SECONDS)  # to resume within
    live_window_events: int = Field(default=50_000, ge=1)  # and at most so many of all churches
    live_window_bytes: int = Field(default=64 * 1024 * 1024, ge=1024)  # in so much memory

    pages_folder: Path | None = None  # of the built pages, web/dist; none serves /api alone

    csrf_key: SecretStr  # base64 of 32 bytes
    allowed_origins: Listed = ()  # of frontends elsewhere; that of the public URL always is

    limit_sign_in: Limit = _limit("5/15minutes")  # register and login together, per address
    limit_sign_in_network: Limit = _limit("50/15minutes")  # the same per IPv6 /48
    limit_step: Limit = _limit("60/15minutes")  # what belongs to a sign-in, per address
    limit_refresh: Limit = _limit("60/15minutes")  # per address
    limit_admin: Limit = _limit("600/minute")
    limit_address: Limit = _limit("1200/minute")
    limit_timeout_ms: int = Field(default=100, ge=1)  # a slower Redis counts as away

    @field_validator("csrf_key")
    @classmethod
    def _long_enough(cls, key: SecretStr) -> SecretStr:
        _decoded(key)
        return key

    @field_validator("allowed_origins")
    @classmethod
    def _origins(cls, urls: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_origin(url) for url in urls)

    @property
    def csrf_key_bytes(self) -> bytes:
        return _decoded(self.csrf_key)

    @property
    def origins(self) -> frozenset[str]:
        """Whose pages may use this API with the cookies of their visitor."""
        return frozenset((_origin(self.public_url), *self.allowed_origins))

    @property
    def service_urls(self) -> dict[str, str]:
        """The address of each service that has routes: of ``auth`` it is ``auth_url``."""
        return {name: getattr(self, f"{name}_url") for name in routes.SERVICES}


def _decoded(key: SecretStr) -> bytes:
    try:
        decoded = base64.b64decode(key.get_secret_value(), validate=True)
    except binascii.Error:
        decoded = b""
    if len(decoded) != CSRF_KEY_BYTES:
        raise ValueError("must be base64 of 32 bytes: openssl rand -base64 32")
    return decoded
