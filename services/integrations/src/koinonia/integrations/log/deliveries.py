"""The log of an endpoint: its deliveries, the newest first, and what was said at each attempt."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from koinonia.common import db
from koinonia.common.crypto import KeyRing
from koinonia.common.pagination import Page, PageParams
from koinonia.integrations.delivering import answers, requests
from koinonia.integrations.delivering.requests import Due
from koinonia.integrations.endpoints import endpoints
from koinonia.integrations.errors import NoSuchDelivery
from koinonia.integrations.vocabulary import DeliveryState

_ORDER = db.Order({"id": UUID}, descending=True, prefix="d.")
_LOGGED = """
    SELECT d.id, d.webhook_id, w.kind, w.occurred_at, d.state, d.attempts, d.status, d.failure,
           d.created_at, d.attempted_at, due.due_at AS next_attempt_at
      FROM deliveries d
      JOIN webhooks w ON w.id = d.webhook_id
      LEFT JOIN due_deliveries due ON due.delivery_id = d.id
     WHERE d.endpoint_id = :endpoint
"""


class Logged(NamedTuple):
    id: UUID
    webhook_id: UUID
    kind: str
    occurred_at: datetime
    state: str
    attempts: int
    status: int | None
    failure: str | None
    created_at: datetime
    attempted_at: datetime | None
    next_attempt_at: datetime | None


class _Noted(NamedTuple):
    number: int
    attempted_at: datetime
    milliseconds: int
    scopes: list[str]
    status: int | None
    failure: str | None
    sealed_answer: str | None


class AttemptShown(NamedTuple):
    number: int
    attempted_at: datetime
    milliseconds: int
    status: int | None
    failure: str | None
    answer: str


class Told(NamedTuple):
    """A delivery with the body of its request and what was answered to it."""

    logged: Logged
    body: str
    attempts: Sequence[AttemptShown]


async def page(
    session: db.Session, endpoint_id: UUID, state: DeliveryState | None, params: PageParams
) -> Page[Logged]:
    """ix_deliveries_endpoint_id_id, or that by state; raises ``NoSuchEndpoint``."""
    await endpoints.get(session, endpoint_id)
    only = "AND d.state = :state" if state else ""
    return await db.page(
        session,
        Logged,
        f"{_LOGGED} {only}",
        {"endpoint": endpoint_id} | ({"state": state} if state else {}),
        params,
        _ORDER,
        counted=f"SELECT count(*) FROM deliveries d WHERE d.endpoint_id = :endpoint {only}",
    )


async def get(session: db.Session, endpoint_id: UUID, delivery_id: UUID) -> Logged:
    """Raises ``NoSuchDelivery``."""
    return await db.one(
        session,
        Logged,
        f"{_LOGGED} AND d.id = :id",
        {"endpoint": endpoint_id, "id": delivery_id},
        missing=NoSuchDelivery,
    )


async def in_detail(
    session: db.Session, ring: KeyRing, endpoint_id: UUID, delivery_id: UUID
) -> Told:
    """With the body as it was at the last attempt, or would be at the first. Raises
    ``NoSuchEndpoint`` and ``NoSuchDelivery``."""
    endpoint = await endpoints.get(session, endpoint_id)
    logged = await get(session, endpoint_id, delivery_id)
    noted = await db.rows(
        session,
        _Noted,
        """
        SELECT number, attempted_at, milliseconds, scopes, status, failure, sealed_answer
          FROM attempts WHERE delivery_id = :id ORDER BY number DESC LIMIT 100
        """,
        {"id": delivery_id},
    )
    webhook = await db.one(
        session,
        Due,
        """
        SELECT d.id AS delivery_id, 0 AS rung, w.id AS webhook_id, w.kind, w.occurred_at, w.data,
               w.sealed_private
          FROM deliveries d JOIN webhooks w ON w.id = d.webhook_id WHERE d.id = :id
        """,
        {"id": delivery_id},
        missing=NoSuchDelivery,
    )
    body = requests.content(webhook, ring, noted[0].scopes if noted else endpoint.scopes)
    return Told(logged, body.decode(), [_shown(each, ring) for each in noted])


def _shown(noted: _Noted, ring: KeyRing) -> AttemptShown:
    return AttemptShown(
        noted.number,
        noted.attempted_at,
        noted.milliseconds,
        noted.status,
        noted.failure,
        answers.unseal(ring, noted.sealed_answer),
    )
