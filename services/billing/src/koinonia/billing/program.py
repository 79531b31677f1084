"""The program of billing."""

from koinonia.billing import worker
from koinonia.billing.app import create_app
from koinonia.billing.running import Running
from koinonia.billing.settings import Settings
from koinonia.common.runtime import Program

PROGRAM = Program("billing", Settings, Running, create_app, worker.SUBSCRIPTIONS, worker.LOOPS)
