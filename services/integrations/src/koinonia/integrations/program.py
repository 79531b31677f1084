"""The program of integrations."""

from koinonia.common.runtime import Program
from koinonia.integrations import open_parts, worker
from koinonia.integrations.app import create_app
from koinonia.integrations.running import Running
from koinonia.integrations.settings import Settings

PROGRAM = Program(
    "integrations",
    Settings,
    Running,
    create_app,
    worker.SUBSCRIPTIONS,
    worker.LOOPS,
    open=open_parts.opened,
)
