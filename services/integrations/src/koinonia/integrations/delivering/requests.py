"""The request of a delivery: the same body at every attempt, signed anew."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import orjson

from koinonia.common.crypto import KeyRing
from koinonia.integrations.delivering import signatures
from koinonia.integrations.endpoints import signing_secrets
from koinonia.integrations.webhooks import private_parts


class Receiver(NamedTuple):
    """An endpoint as it is when a round begins."""

    url: str
    scopes: list[str]
    state: str
    sealed_secret: str
    sealed_previous_secret: str | None
    previous_secret_until: datetime | None
    failing_since: datetime | None

    def secrets(self, ring: KeyRing, now: datetime) -> list[str]:
        """Those that webhooks are signed with now, opened."""
        sealed = [self.sealed_secret]
        if self.sealed_previous_secret and self.previous_secret_until:
            sealed += [self.sealed_previous_secret] * (now < self.previous_secret_until)
        return [signing_secrets.unseal(ring, each) for each in sealed]


class Due(NamedTuple):
    """A delivery whose turn it is, with its webhook; ``rung`` is that of this attempt."""

    delivery_id: UUID
    rung: int
    webhook_id: UUID
    kind: str
    occurred_at: datetime
    data: str
    sealed_private: str | None


class Request(NamedTuple):
    headers: dict[str, str]
    body: bytes


def request(
    due: Due, ring: KeyRing, scopes: Sequence[str], secrets: Sequence[str], now: datetime
) -> Request:
    body = content(due, ring, scopes)
    return Request(signatures.headers(str(due.webhook_id), now, body, secrets), body)


def content(due: Due, ring: KeyRing, scopes: Sequence[str]) -> bytes:
    """``timestamp`` is what the standard calls it, ``occurredAt`` what all of ours do."""
    return orjson.dumps(
        {
            "type": due.kind,
            "timestamp": due.occurred_at,
            "occurredAt": due.occurred_at,
            "data": private_parts.added(ring, due.data, due.sealed_private, scopes),
        },
        option=orjson.OPT_UTC_Z,
    )
