"""Building blocks for version files: the bus tables of a service and the scope of a church."""

from alembic import op

from koinonia.common.migrations.bodies import create_own

OWNER = "nullif(current_setting('koinonia.church_id', true), '')::uuid"


def church_scope(*tables: str) -> None:
    """Row-level security: outside its church's transaction a row can neither be seen nor made."""
    for table in tables:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY church ON {table} "
            f"USING (church_id = {OWNER}) WITH CHECK (church_id = {OWNER})"
        )


def old_rows(table: str, days: int, column: str = "created_at") -> None:
    """Rows that are older can be seen and deleted outside of any church, and only there, so that
    one statement prunes those of all churches. ``column`` is when a row began
    to be old. The table holds nothing that names anybody."""
    op.execute(
        f"CREATE POLICY old ON {table} "
        f"USING ({column} < now() - interval '{days} days' AND {OWNER} IS NULL) "
        "WITH CHECK (false)"
    )
    op.execute(f"CREATE INDEX ix_{table}_{column} ON {table} ({column})")


def bus_tables() -> None:
    """``outbox`` and ``inbox``: ids and event bodies, read across churches by the relay."""
    op.execute("""
        CREATE TABLE outbox (
            position   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            event_id   uuid NOT NULL UNIQUE,
            name       text NOT NULL,
            church_id  uuid,
            body       text NOT NULL,
            headers    text NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now()
        )
    """)
    op.execute("""
        CREATE TABLE inbox (
            event_id    uuid PRIMARY KEY,
            received_at timestamptz NOT NULL DEFAULT now()
        )
    """)
    op.execute("CREATE INDEX ix_inbox_received_at ON inbox (received_at)")
    create_own("notify_outbox")
    op.execute("""
        CREATE TRIGGER notify_outbox AFTER INSERT ON outbox
        FOR EACH STATEMENT EXECUTE FUNCTION notify_outbox()
    """)


def drop_bus_tables() -> None:
    op.execute("DROP TABLE inbox")
    op.execute("DROP TABLE outbox")
    op.execute("DROP FUNCTION notify_outbox()")
