"""A mail as services hand it over, and a server that answers as a test says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from koinonia.mail.contract import Address, Mail

MAIL_ID = UUID("01900000-0000-7000-8000-000000000001")


def written(
    to: str = "ann@grace.example", subject: str = "Join Grace", unsubscribe_url: str | None = None
) -> Mail:
    return Mail(
        mail_id=MAIL_ID,
        kind="invitation",
        sender=Address(address="hello@koinonia.example", name="Koinonia"),
        to=Address(address=to, name="Ann Ünal"),
        subject=subject,
        text="Accept: https://app.example/join#token=secret\n",
        html="<p>Accept</p>",
        unsubscribe_url=unsubscribe_url,
    )


@dataclass
class Provider:
    """Answers every call alike, and keeps the bodies."""

    status: int = 202
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    calls: list[bytes] = field(default_factory=list)

    async def answer(self, request: Request) -> Response:
        self.calls.append(await request.body())
        return Response(self.body, self.status, self.headers)

    @property
    def app(self) -> Starlette:
        return Starlette(
            routes=[Route("/{path:path}", self.answer, methods=["GET", "POST", "PUT"])]
        )
