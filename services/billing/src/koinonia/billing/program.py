"""Billing as a process."""

from koinonia.billing import worker
from koinonia.billing.app import create_app
from koinonia.billing.settings import Settings
from koinonia.common.runtime import Program

PROGRAM = Program("billing", Settings, create_app, worker.SUBSCRIPTIONS, worker.LOOPS)
