"""Settings from the environment: prefix ``KOINONIA_``, secrets without defaults.

A service subclasses :class:`Settings` and adds what it alone needs. A missing or malformed value
ends the start with one sentence per setting, naming the variable and never showing its value.
"""

from typing import Annotated, Literal, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "KOINONIA_"

SameSite = Literal["lax", "strict", "none"]


def web_address(url: str) -> str:
    """The address as paths are added to it. Raises ValueError for what is none."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise ValueError("must start with http:// or https://")
    return url.rstrip("/")


WebAddress = Annotated[str, AfterValidator(web_address)]


class BadSettings(SystemExit):
    """The environment is incomplete; ``str()`` is what the operator reads."""


class Settings(BaseSettings):
    """What every service needs."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True
    )

    host: str = "0.0.0.0"  # noqa: S104 - a container listens on all its addresses
    port: int = 8000  # where it listens
    public_url: WebAddress = "http://127.0.0.1:8080"  # how browsers and programs reach the system
    redis_url: SecretStr  # limits, caches and locks; what it holds may vanish
    auth_url: WebAddress = "http://127.0.0.1:8001"  # where the keys of access tokens are published
    log_level: str = "INFO"  # DEBUG, INFO, WARNING, ERROR
    log_format: Literal["json", "console"] = "json"  # console is for people
    otlp_endpoint: str | None = None  # traces and metrics go there by OTLP over HTTP
    shutdown_seconds: float = Field(default=20.0, gt=0)  # for work in hand after SIGTERM

    @property
    def connection_limit(self) -> int | None:
        """How many connections one address may have open; None for any number, as for all that
        only processes of ours call: there one address stands for everybody."""
        return None

    @classmethod
    def load(cls) -> Self:
        """Read the environment, or end the process with sentences an operator can act on."""
        return load(cls)


HOST_PREFIX = "__Host-"


class CookieSettings(Settings):
    """What a service needs besides that sets cookies."""

    cross_site_cookies: bool = Field(
        default=False,
        description="`true` where the frontend is on another site (another registrable domain, not "
        "just another subdomain): cookies are then SameSite=None. It takes https, and it costs: "
        "browsers that block cookies of third parties (Safari, Firefox, private windows) hold no "
        "session, and what keeps other sites out is the CSRF token and the origin alone. A "
        "frontend on a subdomain needs `ALLOWED_ORIGINS` and not this.",
    )

    @field_validator("cross_site_cookies")
    @classmethod
    def _secure(cls, value: bool, info: ValidationInfo) -> bool:
        if value and not str(info.data.get("public_url")).startswith("https://"):
            raise ValueError(
                "browsers take a cookie with SameSite=None from https alone, so "
                "KOINONIA_PUBLIC_URL must begin with https://"
            )
        return value

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    def cookie_name(self, name: str) -> str:
        """The name of a cookie as browsers know it. With ``__Host-`` before it they take the cookie
        over TLS alone and from this very host, so neither a page of a subdomain beside ours nor
        anybody on the way can plant one. They demand that its path is ``/``."""
        return f"{HOST_PREFIX}{name}" if self.is_https else name

    def cookie_path(self, path: str) -> str:
        """Where a cookie is sent that ``path`` would be enough for."""
        return "/" if self.is_https else path

    def same_site(self, within: SameSite) -> SameSite:
        """The attribute of a cookie that is ``within`` where the frontend is on our own site."""
        return "none" if self.cross_site_cookies else within


class DatabaseSettings(Settings):
    """What a service with a schema and a place on the bus needs besides."""

    database_url: SecretStr  # signs in as koinonia_<service>
    replica_url: SecretStr | None = None  # reports are read there; default: database_url
    database_pool_size: int | None = Field(default=None, ge=1)  # default: cores * 2 + 1
    database_prepared_statements: bool = True  # False behind PgBouncer older than 1.21
    rabbitmq_url: SecretStr  # amqp://user:password@host:5672/vhost
    bus_namespace: str = ""  # a prefix for every exchange and queue; tests use it
    phone_keys: SecretStr  # id:base64,id:base64 of 32 bytes each; the first one seals
    phone_index_key: SecretStr  # base64 of 32 bytes; cannot be rotated in place


class EventTextSettings(Settings):
    """What a service needs whose events hold what people write; mixed into its settings."""

    event_keys: SecretStr  # id:base64,id:base64 of 32 bytes each; the first seals texts in events


S = TypeVar("S", bound=BaseSettings)


def load(settings: type[S]) -> S:
    """Read ``settings`` from the environment, or end with one sentence per missing value."""
    try:
        return settings()
    except ValidationError as error:
        raise BadSettings("\n".join(_sentences(error))) from None


def _sentences(error: ValidationError) -> list[str]:
    lines = []
    for problem in error.errors():
        name = PREFIX + "_".join(str(part) for part in problem["loc"]).upper()
        if problem["type"] == "missing":
            lines.append(f"{name} is required and not set. See docs/settings.md for its meaning.")
        else:
            lines.append(f"{name} is not valid: {problem['msg']}.")
    return lines
