"""The program of analytics."""

from koinonia.analytics import worker
from koinonia.analytics.app import create_app
from koinonia.analytics.running import Running
from koinonia.analytics.settings import Settings
from koinonia.common.runtime import Program

PROGRAM = Program("analytics", Settings, Running, create_app, worker.SUBSCRIPTIONS, worker.LOOPS)
