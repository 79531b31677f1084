"""The ingress as a process: what it opens and what it runs."""

from koinonia.common.runtime import Program
from koinonia.ingress import app, carriers, worker
from koinonia.ingress.running import Running
from koinonia.ingress.settings import Settings

PROGRAM = Program(
    "ingress",
    Settings,
    Running,
    app.create_app,
    worker.SUBSCRIPTIONS,
    worker.LOOPS,
    open=carriers.opened,
    formerly="webhooks",
)
