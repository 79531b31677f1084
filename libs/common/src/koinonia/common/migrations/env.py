"""Alembic's environment, shared by every service: the connection and the schema are given."""

from alembic import context
from sqlalchemy import Connection, text

config = context.config
service: str = config.attributes["service"]
connection: Connection = config.attributes["connection"]

connection.execute(text(f"SET LOCAL search_path = {service}"))
connection.execute(text("SET LOCAL lock_timeout = '5s'"))
context.configure(
    connection=connection,
    version_table="schema_version",
    version_table_schema=service,
    transactional_ddl=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
