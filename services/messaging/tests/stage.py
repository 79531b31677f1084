"""One church on stage: its people, its messages, and the worker, turned by hand."""

from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from koinonia.common import db
from koinonia.common.events import REGISTRY, Event
from koinonia.common.events.billing import SpendApproved
from koinonia.common.events.ingress import CarrierStatusesReported, CarrierStatusReported
from koinonia.common.events.messaging import BatchReleased, DeliveryStatus, ReplyReleased
from koinonia.common.identity import Identity, Role
from koinonia.common.testing import probe, service
from koinonia.common.testing.eventually import eventually
from koinonia.devkit.carrier.network import Network
from koinonia.messaging.broadcasts.accepting import acceptance
from koinonia.messaging.messages.schemas import AcceptedMessage, SendRequest
from koinonia.messaging.program import PROGRAM

from . import factories
from .sink import Sink

E = TypeVar("E", bound=Event)


@dataclass
class Stage:
    running: Any
    church_id: UUID
    network: Network
    sink: Sink
    seen: int = 0  # the last position of the outbox that was worked off

    async def member(
        self, phone_number: str | None = None, first_name: str = "Ada"
    ) -> factories.Member:
        async with self.running.database.transaction(self.church_id) as session:
            return await factories.member(
                session, self.church_id, phone_number=phone_number, first_name=first_name
            )

    async def members(self, count: int) -> None:
        async with self.running.database.transaction(self.church_id) as session:
            await factories.members(session, self.church_id, count)

    async def opt_out(self, phone_number: str) -> None:
        async with self.running.database.transaction(self.church_id) as session:
            await factories.opt_out(session, self.church_id, phone_number)

    async def send(self, content: str = "Hello", **given: Any) -> AcceptedMessage:
        """A broadcast to everybody, not approved yet."""
        whom = {} if "target" in given else {"targetType": "all"}
        request = SendRequest.model_validate({"content": content} | whom | given)
        admin = Identity(db.uuid7(), self.church_id, Role.STAFF, db.uuid7())
        async with self.running.database.transaction(self.church_id) as session:
            return await acceptance.create(session, admin, request, factories.PHONES)

    async def approve(self, message_id: UUID) -> None:
        await self.hear(SpendApproved(church_id=self.church_id, message_id=message_id, parts=1))

    async def started(self, content: str = "Hello") -> UUID:
        """A broadcast to everybody whose first batches are released."""
        sent = await self.send(content)
        await self.approve(sent.id)
        return sent.id

    async def hear(self, *events: Event) -> None:
        await service.hear(PROGRAM, self.running, *events)

    async def report(self, *events: CarrierStatusReported) -> None:
        """Reports that arrive together."""
        await service.hear_together(PROGRAM, self.running, *events)

    async def report_bundles(self, *bundles: CarrierStatusesReported) -> None:
        await service.hear_together(PROGRAM, self.running, *bundles)

    async def work(self) -> int:
        """Send every released batch, those released meanwhile too; returns how many."""
        done = 0
        while released := await self.released():
            await self.hear(*released)
            done += len(released)
        return done

    async def released(self) -> list[Event]:
        """What the worker has not been told yet."""
        return await self.told(BatchReleased, ReplyReleased, fresh=True)

    async def told(self, *kinds: type[E], fresh: bool = False) -> list[E]:
        """Events of these kinds in the outbox, in order; ``fresh`` ones are seen only once."""
        async with self.running.database.transaction() as session:
            found = await probe.rows(
                session,
                """
                SELECT position, name, body FROM outbox
                 WHERE church_id = :church AND position > :seen
                   AND name = ANY(CAST(:names AS text[])) ORDER BY position
                """,
                {
                    "church": self.church_id,
                    "seen": self.seen if fresh else 0,
                    "names": [kind.name for kind in kinds],
                },
            )
        if fresh and found:
            self.seen = found[-1].position
        seal = self.running.event_texts
        decoded: list[Any] = [REGISTRY[row.name].from_wire(row.body, seal) for row in found]
        return decoded

    async def arrivals(self) -> None:
        """Let the carrier finish, and apply all its reports in one batch."""
        await eventually(lambda: self.network.pending == 0)
        if reports := self.sink.take():
            await self.report(*reports)

    async def message(self, message_id: UUID) -> Any:
        return (await self.query("SELECT * FROM messages WHERE id = :id", id=message_id))[0]

    async def texts(self, message_id: UUID) -> list[Any]:
        """The recipients of a message, in their order."""
        return await self.query(
            "SELECT * FROM message_recipients WHERE message_id = :id ORDER BY batch, member_id",
            id=message_id,
        )

    async def counted(self, message_id: UUID) -> dict[str, int]:
        """The counters that are not 0, after comparing them with the rows."""
        row = await self.message(message_id)
        counters = {str(s): getattr(row, f"{s}_count") for s in DeliveryStatus}
        texts = await self.texts(message_id)
        for status, count in counters.items():
            assert count == sum(text.status == status for text in texts), status
        assert row.parts_billed == sum(text.parts_billed for text in texts)
        return {status: count for status, count in counters.items() if count}

    async def query(self, sql: str, **parameters: Any) -> list[Any]:
        async with self.running.database.transaction(self.church_id) as session:
            return await probe.rows(session, sql, parameters)

    async def run(self, sql: str, **parameters: Any) -> None:
        async with self.running.database.transaction(self.church_id) as session:
            await db.run(session, sql, parameters)
