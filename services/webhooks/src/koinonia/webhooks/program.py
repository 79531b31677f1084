"""What the ingress is made of."""

from koinonia.common.runtime import Program
from koinonia.webhooks import app, carriers, worker
from koinonia.webhooks.settings import Settings

PROGRAM = Program(
    "webhooks", Settings, app.create_app, worker.SUBSCRIPTIONS, worker.LOOPS, open=carriers.opened
)
