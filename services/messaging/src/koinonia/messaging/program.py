"""Messaging as a process: what it opens and what it runs."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from koinonia.carriers import open_all
from koinonia.common import db, runtime
from koinonia.common.leases import workers
from koinonia.common.settings import BadSettings
from koinonia.common.throttle import Throttle
from koinonia.messaging import kept_tables, lanes, worker
from koinonia.messaging.app import create_app
from koinonia.messaging.running import Running
from koinonia.messaging.settings import Settings


@asynccontextmanager
async def carriers(running: Running) -> AsyncIterator[None]:
    """Opens every configured carrier once, ``running.carriers["telnyx"]``, and what limits calls
    to them: lanes how many at one time, the throttle how many in a second; and says that this
    worker lives until all that is closed."""
    settings = running.settings
    running.lanes = lanes.opened(settings)
    prefix = f"{settings.bus_namespace}messaging"
    running.throttle = Throttle(settings.redis_url.get_secret_value(), prefix)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(running.throttle.close)
        running.carriers = await stack.enter_async_context(open_all(settings))
        if settings.carrier not in running.carriers:
            raise BadSettings(
                f"KOINONIA_CARRIER is {settings.carrier}, which has no account. Set its settings."
            )
        running.worker = await stack.enter_async_context(workers.opened(_renewals(running)))
        yield


def _renewals(running: Running) -> Callable[[], db.Database]:
    """The one connection on which this process says that it lives."""
    settings = running.settings
    return lambda: db.Database(
        running.database.url,
        pool_size=1,
        prepared_statements=settings.database_prepared_statements,
        application="koinonia-messaging-renewals",
    )


PROGRAM = runtime.Program(
    "messaging",
    Settings,
    Running,
    create_app,
    worker.SUBSCRIPTIONS,
    worker.LOOPS,
    open=carriers,
    kept_tables=kept_tables.ALL,
)
