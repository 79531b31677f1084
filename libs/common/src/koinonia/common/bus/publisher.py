"""Publishing with confirms: when ``publish`` returns an id, RabbitMQ has it on disk."""

import asyncio
from collections.abc import Sequence
from typing import Protocol
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from aio_pika import Message
from aio_pika.abc import AbstractChannel, AbstractExchange
from aio_pika.exceptions import AMQPError as PublishError
from aiormq.abc import DeliveredMessage

from koinonia.common import telemetry
from koinonia.common.bus.connection import BusConnection, closed_is_lost
from koinonia.common.bus.envelope import Envelope
from koinonia.common.bus.topology import Names
from koinonia.common.events import Event
from koinonia.common.events.base import Seal

log = structlog.get_logger()

CONFIRM_SECONDS = 10.0


class Publishable(Protocol):
    """An outbox row or an :class:`Envelope`: what publishing needs of an event."""

    @property
    def event_id(self) -> UUID: ...
    @property
    def name(self) -> str: ...
    @property
    def church_id(self) -> UUID | None: ...
    @property
    def body(self) -> bytes: ...
    @property
    def headers(self) -> dict[str, str]: ...


class Publisher:
    """Publishes events of ``sender``. Opens its connection when first used, and again when lost."""

    def __init__(
        self, url: str, sender: str, namespace: str = "", seal: Seal | None = None
    ) -> None:
        self.connection = BusConnection(url, f"{sender} publisher")
        address = urlsplit(url)
        self.broker = f"RabbitMQ at {address.hostname}:{address.port or 5672}"
        self._sender = sender
        self._seal = seal
        self._names = Names(namespace)
        self._lock = asyncio.Lock()
        self._channel: AbstractChannel | None = None
        self._exchanges: dict[str, AbstractExchange] = {}

    async def publish(self, events: Sequence[Publishable]) -> list[UUID]:
        """Publish in the given order; returns the ids the broker confirmed within the deadline.

        Raises OSError, TimeoutError or PublishError when nothing could be sent at all.
        """
        exchange = await self._exchange(self._names.events)
        sent = await asyncio.gather(
            *(self._send(exchange, item, item.name) for item in events), return_exceptions=True
        )
        confirmed = [item.event_id for item, lost in zip(events, sent, strict=True) if lost is None]
        failures = [lost for lost in sent if lost is not None]
        if failures:
            log.warning("bus.publish_failed", failed=len(failures), error=repr(failures[0]))
            if not confirmed:
                raise failures[0]
        return confirmed

    async def publish_events(self, events: Sequence[Event]) -> list[UUID]:
        """As :meth:`publish`, outside any transaction, where there is no outbox."""
        headers: dict[str, str] = {}
        telemetry.inject(headers)
        return await self.publish(
            [Envelope.from_event(event, headers, self._seal) for event in events]
        )

    async def publish_heard(self, event: Event) -> bool:
        """As :meth:`publish_event`; False where no queue takes the event, as while the release that
        hears it first is still on its way. Then nothing was published."""
        headers: dict[str, str] = {}
        telemetry.inject(headers)
        exchange = await self._exchange(self._names.events)
        message = Envelope.from_event(event, headers, self._seal).message(self._sender)
        with closed_is_lost():
            answer = await exchange.publish(
                message, event.name, mandatory=True, timeout=CONFIRM_SECONDS
            )
        return not isinstance(answer, DeliveredMessage)

    async def publish_event(self, event: Event) -> None:
        await self.publish_events([event])

    async def send(self, exchange_name: str, routing_key: str, message: Message) -> None:
        """Publish a raw message to an exchange of ours: retries and dead letters."""
        exchange = await self._exchange(exchange_name)
        with closed_is_lost():
            await exchange.publish(message, routing_key, mandatory=False, timeout=CONFIRM_SECONDS)

    async def close(self) -> None:
        await self.connection.close()

    async def _send(self, exchange: AbstractExchange, item: Publishable, key: str) -> None:
        envelope = Envelope(item.event_id, item.name, item.church_id, item.body, item.headers)
        message = envelope.message(self._sender)
        with closed_is_lost():
            await exchange.publish(message, key, mandatory=False, timeout=CONFIRM_SECONDS)

    async def _exchange(self, name: str) -> AbstractExchange:
        async with self._lock:
            if self._channel is None or self._channel.is_closed:
                connection = await self.connection.open()
                with closed_is_lost():
                    self._channel = await connection.channel(publisher_confirms=True)
                self._exchanges.clear()
            if name not in self._exchanges:
                self._exchanges[name] = await self._channel.get_exchange(name, ensure=False)
            return self._exchanges[name]


__all__ = ["PublishError", "Publishable", "Publisher"]
