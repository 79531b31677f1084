"""The ingress as a process: what it opens and what it runs."""

import functools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from koinonia.common.runtime import Program
from koinonia.ingress import app, carriers, handover, mail_providers, worker
from koinonia.ingress.report_bundles import ReportBundles
from koinonia.ingress.running import Running
from koinonia.ingress.settings import Settings


@asynccontextmanager
async def _opened(running: Running) -> AsyncIterator[None]:
    running.report_bundles = ReportBundles(functools.partial(handover.store_reports, running))
    mail_providers.open_reporters(running)
    async with carriers.opened(running):
        yield


PROGRAM = Program(
    "ingress",
    Settings,
    Running,
    app.create_app,
    worker.SUBSCRIPTIONS,
    worker.LOOPS,
    open=_opened,
    formerly="webhooks",
)
