"""Settings of the shared inbox."""

from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, SecretStr, field_validator
from pydantic_settings import NoDecode

from koinonia.common.settings import DatabaseSettings, EventTextSettings
from koinonia.media.links import Links


def _listed(text: object) -> object:
    if isinstance(text, str):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    return text


Listed = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]


class Settings(DatabaseSettings, EventTextSettings):
    """In addition to those of every service with a schema: where pictures and files are kept."""

    messaging_url: str = "http://127.0.0.1:8002"  # where the shared inbox asks for consent
    media_keys: SecretStr  # id:base64,id:base64 of 32 bytes each; the first signs links to files
    media_folder: Path = Path("media")  # keeps files unless a bucket is named; one machine only
    media_bucket: str | None = None  # of an S3-compatible store, which any number may share
    media_endpoint: str | None = None  # of that store; default: the one of AWS
    media_region: str = "us-east-1"
    media_access_key: SecretStr | None = None  # default: what the machine's own role allows
    media_secret_key: SecretStr | None = None
    media_allowed_hosts: Listed = ()  # host:port of a simulated carrier; never set in production

    @field_validator("media_keys")
    @classmethod
    def _readable(cls, keys: SecretStr) -> SecretStr:
        Links.parse(keys.get_secret_value())
        return keys
