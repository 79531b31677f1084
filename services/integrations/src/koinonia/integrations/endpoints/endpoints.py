"""The endpoints of a church, as staff keep them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, TypedDict
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.common.pagination import Page, PageParams
from koinonia.integrations.endpoints import switching
from koinonia.integrations.errors import NoSuchEndpoint, TooManyEndpoints
from koinonia.integrations.vocabulary import DisabledReason, EndpointState, WebhookScope

MOST = 10  # of one church
BOTH_SECRETS = timedelta(hours=24)  # how long webhooks are signed with the secret before as well
_ORDER = db.Order({"created_at": datetime, "id": UUID})
_COLUMNS = """id, name, url, kinds, scopes, state, disabled_reason, failing_since,
              previous_secret_until, created_at, updated_at"""


class Endpoint(NamedTuple):
    id: UUID
    name: str
    url: str
    kinds: list[str]
    scopes: list[str]
    state: str
    disabled_reason: str | None
    failing_since: datetime | None
    previous_secret_until: datetime | None
    created_at: datetime
    updated_at: datetime


class Wish(NamedTuple):
    """What staff say of an endpoint."""

    name: str
    url: str
    kinds: Sequence[str]
    scopes: Sequence[str]
    state: str = EndpointState.ACTIVE


class Changes(TypedDict, total=False):
    """What is to change of an endpoint: fields of a :class:`Wish`."""

    name: str
    url: str
    kinds: Sequence[str]
    scopes: Sequence[str]
    state: str


async def page(session: db.Session, params: PageParams) -> Page[Endpoint]:
    """In the order in which they were made."""
    return await db.page(
        session,
        Endpoint,
        f"SELECT {_COLUMNS} FROM endpoints WHERE true",
        {},
        params,
        _ORDER,
        counted="SELECT count(*) FROM endpoints",
    )


async def get(session: db.Session, endpoint_id: UUID, *, locked: bool = False) -> Endpoint:
    """Raises ``NoSuchEndpoint``."""
    return await db.one(
        session,
        Endpoint,
        f"SELECT {_COLUMNS} FROM endpoints WHERE id = :id {'FOR NO KEY UPDATE' if locked else ''}",
        {"id": endpoint_id},
        missing=NoSuchEndpoint,
    )


async def create(
    session: AsyncSession, church_id: UUID, wish: Wish, sealed_secret: str
) -> Endpoint:
    """Raises ``TooManyEndpoints``."""
    await db.run(
        session,
        "SELECT pg_advisory_xact_lock(hashtext('endpoints ' || :church))",
        {"church": str(church_id)},
    )
    if await db.count(session, "SELECT count(*) FROM endpoints") >= MOST:
        raise TooManyEndpoints
    now = clock.now()
    made = await db.one(
        session,
        Endpoint,
        f"""
        INSERT INTO endpoints (id, church_id, name, url, kinds, scopes, state, sealed_secret,
                               created_at, updated_at)
        VALUES (:id, :church, :name, :url, CAST(:kinds AS text[]), CAST(:scopes AS text[]), :state,
                :secret, :now, :now)
        RETURNING {_COLUMNS}
        """,
        {
            **wish._asdict(),
            "id": db.uuid7(),
            "church": church_id,
            "secret": sealed_secret,
            "now": now,
        },
        missing=NoSuchEndpoint,
    )
    await db.run(
        session,
        "INSERT INTO lanes (endpoint_id, church_id) VALUES (:id, :church)",
        {"id": made.id, "church": church_id},
    )
    await _record_wanted(session, church_id, made)
    return made


async def change(
    session: AsyncSession, church_id: UUID, endpoint_id: UUID, given: Changes
) -> Endpoint:
    """Change what is ``given``; raises ``NoSuchEndpoint``. One that is
    switched on begins without its failures of before."""
    before = await get(session, endpoint_id, locked=True)
    wish = Wish(before.name, before.url, before.kinds, before.scopes, before.state)
    wish = wish._replace(**given)
    changed = await db.one(
        session,
        Endpoint,
        f"""
        UPDATE endpoints
           SET name = :name, url = :url, kinds = CAST(:kinds AS text[]),
               scopes = CAST(:scopes AS text[]), state = :state, updated_at = :now,
               disabled_reason = CASE WHEN CAST(:state AS text) = 'active' THEN NULL
                                      WHEN state = 'active' THEN :staff
                                      ELSE disabled_reason END,
               failing_since = CASE WHEN state = :state THEN failing_since END
         WHERE id = :id
        RETURNING {_COLUMNS}
        """,
        {
            **wish._asdict(),
            "id": endpoint_id,
            "staff": DisabledReason.STAFF,
            "now": clock.now(),
        },
        missing=NoSuchEndpoint,
    )
    await _record_wanted(session, church_id, changed)
    if changed.state != EndpointState.ACTIVE:
        await switching.end_what_waits(session, endpoint_id)
    return changed


async def remove(session: AsyncSession, endpoint_id: UUID) -> None:
    """With all that was or is to be delivered to it; raises ``NoSuchEndpoint``."""
    if not await db.run(session, "DELETE FROM endpoints WHERE id = :id", {"id": endpoint_id}):
        raise NoSuchEndpoint


async def replace_secret(session: AsyncSession, endpoint_id: UUID, sealed_secret: str) -> Endpoint:
    """Webhooks are signed with both for :data:`BOTH_SECRETS`; one that was older ends now. Raises
    ``NoSuchEndpoint``."""
    now = clock.now()
    return await db.one(
        session,
        Endpoint,
        f"""
        UPDATE endpoints
           SET sealed_previous_secret = sealed_secret, previous_secret_until = :until,
               sealed_secret = :secret, updated_at = :now
         WHERE id = :id
        RETURNING {_COLUMNS}
        """,
        {"id": endpoint_id, "secret": sealed_secret, "until": now + BOTH_SECRETS, "now": now},
        missing=NoSuchEndpoint,
    )


async def _record_wanted(session: AsyncSession, church_id: UUID, endpoint: Endpoint) -> None:
    """Keep what the worker looks at across churches: ids, and kinds of ours."""
    await db.run(session, "DELETE FROM wanted_kinds WHERE endpoint_id = :id", {"id": endpoint.id})
    if endpoint.state != EndpointState.ACTIVE:
        return
    await db.run(
        session,
        """
        INSERT INTO wanted_kinds (church_id, kind, endpoint_id, wants_phone, wants_text)
        SELECT :church, kind, :id, :phone, :text FROM unnest(CAST(:kinds AS text[])) AS given (kind)
        """,
        {
            "church": church_id,
            "id": endpoint.id,
            "kinds": endpoint.kinds,
            "phone": WebhookScope.PHONE in endpoint.scopes,
            "text": WebhookScope.TEXT in endpoint.scopes,
        },
    )
