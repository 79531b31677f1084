"""Events become webhooks, and deliveries to each endpoint that wants them.

Most churches want none, so the first look is at kinds and ids, across churches; what an event says
is read where somebody wants it. An event that comes twice ends in the inbox, and a delivery is
unique by endpoint and webhook besides.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.common.events import ChurchEvent
from koinonia.integrations.running import Running
from koinonia.integrations.vocabulary import WebhookKind, WebhookScope
from koinonia.integrations.webhooks import contents, private_parts


class Wanted(NamedTuple):
    church_id: UUID
    kind: str
    endpoint_id: UUID
    wants_phone: bool
    wants_text: bool


class Webhook(NamedTuple):
    """``data`` is JSON, and so is what is in ``sealed_private``."""

    id: UUID
    church_id: UUID
    kind: str
    occurred_at: str
    data: str
    sealed_private: str | None


async def record(running: Running, session: AsyncSession, events: Sequence[ChurchEvent]) -> None:
    """Queue a delivery of each event to each endpoint of its church that wants it."""
    found = [(event, kind) for event in events if (kind := contents.kind(event))]
    wanted = await _wanted(session, found)
    made = [
        (_webhook(running, event, kind, endpoints), endpoints)
        for event, kind in found
        if (endpoints := wanted.get((event.church_id, kind)))
    ]
    if not made:
        return
    db.entering(session, {webhook.church_id for webhook, _ in made})
    await store(session, [webhook for webhook, _ in made])
    await queue(session, [(webhook, each.endpoint_id) for webhook, them in made for each in them])
    db.after_commit(session, running.wake_deliveries)


async def _wanted(
    session: AsyncSession, found: Sequence[tuple[ChurchEvent, WebhookKind]]
) -> Mapping[tuple[UUID, str], Sequence[Wanted]]:
    if not found:
        return {}
    pairs = {(event.church_id, kind) for event, kind in found}
    rows = await db.rows(
        session,
        Wanted,
        """
        SELECT w.church_id, w.kind, w.endpoint_id, w.wants_phone, w.wants_text
          FROM unnest(CAST(:churches AS uuid[]), CAST(:kinds AS text[])) AS given (church_id, kind)
          JOIN wanted_kinds w ON w.church_id = given.church_id AND w.kind = given.kind
        """,
        {"churches": [church for church, _ in pairs], "kinds": [kind for _, kind in pairs]},
    )
    wanted: dict[tuple[UUID, str], list[Wanted]] = defaultdict(list)
    for row in rows:
        wanted[row.church_id, row.kind].append(row)
    return wanted


def _webhook(
    running: Running, event: ChurchEvent, kind: WebhookKind, endpoints: Iterable[Wanted]
) -> Webhook:
    """What no endpoint may see is not kept."""
    found = contents.content(event, running.phones)
    scopes = {
        *(WebhookScope.PHONE for each in endpoints if each.wants_phone),
        *(WebhookScope.TEXT for each in endpoints if each.wants_text),
    }
    private = {scope: part for scope, part in found.private.items() if scope in scopes}
    return Webhook(
        event.id,
        event.church_id,
        kind,
        event.occurred_at.isoformat(),
        orjson.dumps(found.data).decode(),
        private_parts.seal(running.phones.ring, private) if private else None,
    )


async def store(session: AsyncSession, webhooks: Iterable[Webhook]) -> None:
    await db.run(
        session,
        f"""
        INSERT INTO webhooks (id, church_id, kind, occurred_at, data, sealed_private, created_at)
        SELECT id, {db.ENTERED}, kind, occurred_at, data, sealed_private, :now
          FROM (SELECT * FROM json_to_recordset(CAST(:webhooks AS json))
                    AS given (id uuid, church_id uuid, kind text, occurred_at timestamptz,
                              data text, sealed_private text)
                 ORDER BY church_id) AS given
        ON CONFLICT (id) DO NOTHING
        """,
        {"webhooks": db.records(each._asdict() for each in webhooks), "now": clock.now()},
    )


async def queue(session: AsyncSession, wanted: Iterable[tuple[Webhook, UUID]]) -> list[UUID]:
    """Queue webhooks to endpoints, due at once; returns the ids of the deliveries. The lanes are
    touched last, and in one order: they are what others wait for."""
    now = clock.now()
    queued = await db.values(
        session,
        UUID,
        f"""
        WITH made AS (
            INSERT INTO deliveries (id, church_id, endpoint_id, webhook_id, state, created_at)
            SELECT id, {db.ENTERED}, endpoint_id, webhook_id, 'pending', :now
              FROM (SELECT * FROM json_to_recordset(CAST(:deliveries AS json))
                        AS given (id uuid, church_id uuid, endpoint_id uuid, webhook_id uuid)
                     ORDER BY church_id) AS given
             WHERE EXISTS (SELECT FROM lanes WHERE lanes.endpoint_id = given.endpoint_id)
            ON CONFLICT (endpoint_id, webhook_id) DO NOTHING
            RETURNING id, church_id, endpoint_id
        )
        INSERT INTO due_deliveries (delivery_id, endpoint_id, church_id, due_at)
        SELECT id, endpoint_id, church_id, :now FROM made
        RETURNING delivery_id
        """,
        {
            "now": now,
            "deliveries": db.records(
                {
                    "id": db.uuid7(),
                    "church_id": webhook.church_id,
                    "endpoint_id": endpoint_id,
                    "webhook_id": webhook.id,
                }
                for webhook, endpoint_id in wanted
            ),
        },
    )
    await touch_lanes(session, queued)
    return queued


async def touch_lanes(session: AsyncSession, delivery_ids: Sequence[UUID]) -> None:
    """Let workers look at the lanes of deliveries that are due now."""
    await db.run(
        session,
        """
        WITH touched AS MATERIALIZED (
            SELECT endpoint_id FROM lanes
             WHERE endpoint_id IN (SELECT endpoint_id FROM due_deliveries
                                    WHERE delivery_id = ANY(CAST(:ids AS uuid[])))
             ORDER BY endpoint_id FOR UPDATE
        )
        UPDATE lanes SET due_at = least(coalesce(lanes.due_at, :now), :now) FROM touched
         WHERE lanes.endpoint_id = touched.endpoint_id
        """,
        {"ids": delivery_ids, "now": clock.now()},
    )
