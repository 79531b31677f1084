"""The gateway as a process. It owns no schema, and what it hears it only shows."""

from koinonia.common.runtime import Program
from koinonia.gateway import door
from koinonia.gateway.app import create_app
from koinonia.gateway.running import Running
from koinonia.gateway.settings import Settings

PROGRAM = Program("gateway", Settings, Running, create_app, open=door.opened)
