"""The parts of the shared inbox."""

from koinonia.common.runtime import Program
from koinonia.conversation import app, worker
from koinonia.conversation.media import startup
from koinonia.conversation.running import Running
from koinonia.conversation.settings import Settings

PROGRAM = Program(
    "conversation",
    Settings,
    Running,
    app.create_app,
    worker.SUBSCRIPTIONS,
    worker.LOOPS,
    open=startup.open_media,
)
