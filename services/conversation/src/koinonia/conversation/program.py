"""The parts of the shared inbox."""

from koinonia.common.runtime import Program
from koinonia.conversation import app, kept_tables, open_parts, worker
from koinonia.conversation.running import Running
from koinonia.conversation.settings import Settings

PROGRAM = Program(
    "conversation",
    Settings,
    Running,
    app.create_app,
    worker.SUBSCRIPTIONS,
    worker.LOOPS,
    open=open_parts.open_parts,
    kept_tables=kept_tables.ALL,
)
