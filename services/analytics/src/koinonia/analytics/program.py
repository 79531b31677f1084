"""Analytics as a process."""

from koinonia.analytics import worker
from koinonia.analytics.app import create_app
from koinonia.analytics.settings import AnalyticsSettings
from koinonia.common.runtime import Program

PROGRAM = Program("analytics", AnalyticsSettings, create_app, worker.SUBSCRIPTIONS, worker.LOOPS)
