"""Where the simulated carrier's reports end: as the events that the ingress would publish."""

from dataclasses import dataclass, field
from uuid import UUID, uuid5

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from koinonia.carriers import reading
from koinonia.carriers.contract import StatusReport
from koinonia.carriers.telnyx import events
from koinonia.common.events.ingress import CarrierStatusReported

EVENTS = UUID("0190a000-0000-7000-8000-00000000ca11")


@dataclass
class Sink:
    reports: list[CarrierStatusReported] = field(default_factory=list)
    url: str = ""

    @property
    def app(self) -> Starlette:
        route = Route("/api/webhooks/telnyx/status", self.hear, methods=["POST"])
        return Starlette(routes=[route])

    def take(self) -> list[CarrierStatusReported]:
        taken, self.reports = self.reports, []
        return taken

    async def hear(self, request: Request) -> Response:
        raw = await request.body()
        report = events.event(reading.document(raw), raw)
        assert isinstance(report, StatusReport)
        event = CarrierStatusReported(
            id=uuid5(EVENTS, report.carrier_event_id),
            church_id=UUID(request.query_params["church"]),
            recipient_id=UUID(request.query_params["recipient"]),
            carrier="telnyx",
            carrier_message_id=report.carrier_message_id,
            sender=report.sender,
            status=report.status,
            reported_at=report.occurred_at,
            parts=report.parts,
            cost=report.cost,
            failure=report.failure,
            failure_code=report.failure_code,
        )
        self.reports.append(event)
        return Response()
