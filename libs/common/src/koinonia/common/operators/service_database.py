"""Opens the schema of a service for its own commands."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from koinonia.common import db
from koinonia.common.settings import PREFIX, load


class OperatorSettings(BaseSettings):
    """What the commands read from the environment."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="ignore")

    database_url: SecretStr
    database_prepared_statements: bool = True


@asynccontextmanager
async def database() -> AsyncIterator[db.Database]:
    """The database as the service signs in to it."""
    settings = load(OperatorSettings)
    opened = db.Database(
        settings.database_url.get_secret_value(),
        pool_size=1,
        prepared_statements=settings.database_prepared_statements,
        application="koinonia-operator",
    )
    try:
        yield opened
    finally:
        await opened.close()
