"""What a request did, for the audit trail: an event in the transaction that did it.

A service has one table of its operations, which ``create_app`` takes::

    AUDITED = AuditTable(
        recorder=published(MessagingActionTaken),
        audited={"remove_member": "member.removed"},
        unaudited={"count_segments": "changes nothing"},
    )

An operation whose transaction is its ``SessionDep`` is recorded without a word in its route. One
that opens its own transactions takes ``action: ActionDep`` and calls ``action.record(session)`` in
the one that matters. ``tests/architecture/test_audit.py`` holds that no operation is forgotten.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID, uuid5

import orjson
from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import outbox
from koinonia.common.events.actions import ActionTaken, Actor, Detail
from koinonia.common.events.base import event_id
from koinonia.common.identity import Identity
from koinonia.common.web.addresses import client_address, network_around

Recorder = Callable[[AsyncSession, ActionTaken], Awaitable[object]]
"""Keeps an action if and when the transaction commits."""

CHANGES = ("PATCH", "PUT")


@dataclass(frozen=True, slots=True)
class AuditTable:
    """The operations of a service, each by the name of its function, in one of three ways.

    ``audited`` names the action that ``recorder`` is given; ``by_themselves`` names the actions
    that the code below the route records; ``unaudited`` says why there is nothing to record.
    """

    recorder: Recorder
    audited: Mapping[str, str]
    unaudited: Mapping[str, str]
    by_themselves: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class Action:
    """What the request does. Put figures and names of fields into ``details``, never a phone, a
    text or a secret; ``thing_id`` is found in the path or the answer where it is left out."""

    name: str
    recorder: Recorder
    admin: Identity
    address: str | None
    thing_id: UUID | None = None
    details: dict[str, Detail] = field(default_factory=dict)
    is_over: bool = False
    event_id: UUID | None = None

    async def record(self, session: AsyncSession) -> None:
        """Keep it if and when ``session`` commits; once, however often this is called."""
        if self.is_over:
            return
        self.is_over = True
        taken = ActionTaken(
            id=self.event_id or event_id(),
            church_id=self.admin.church_id,
            action=self.name,
            actor=Actor.KEY if self.admin.key else Actor.PERSON,
            actor_id=self.admin.admin_id,
            actor_name=self.admin.key and self.admin.key.name,
            thing_id=self.thing_id,
            address=self.address,
            details=self.details,
        )
        await self.recorder(session, taken)

    def happens_once(self, key: str) -> None:
        """Let all actions of this person with this ``key`` be one entry in the trail."""
        self.event_id = uuid5(self.admin.admin_id, f"{self.name} {key}")

    def dismiss(self) -> None:
        """Leave it out: nothing worth keeping happened."""
        self.is_over = True


def published(event: type[ActionTaken]) -> Recorder:
    """The recorder of a service: its own event, in its outbox."""

    async def publish(session: AsyncSession, taken: ActionTaken) -> None:
        await outbox.add(session, event(**dict(taken)))

    return publish


def begun(request: Request, admin: Identity) -> Action | None:
    """The action of this request, the same one each time; None where none is kept."""
    found: Action | None = getattr(request.state, "action", None)
    if found is None:
        table: AuditTable | None = request.app.state.audit
        name = table.audited.get(request.scope["route"].name) if table else None
        if table is None or name is None:
            return None
        address = network_around(client_address(request))
        found = Action(name, table.recorder, admin, address, thing_id=_named(request))
        request.state.action = found
    return found


async def record_request(request: Request, admin: Identity, session: AsyncSession) -> None:
    """Keep what the request did in its own transaction, which is about to commit."""
    action = begun(request, admin)
    if action is None or action.is_over or getattr(request.state, "is_replayed", False):
        return
    action.thing_id = _made(request) or action.thing_id
    if request.method in CHANGES and (fields := await _fields(request)):
        action.details.setdefault("fields", fields)
    await action.record(session)


def _named(request: Request) -> UUID | None:
    """The last id in the path."""
    for value in reversed(request.path_params.values()):
        with suppress(ValueError):
            return UUID(str(value))
    return None


def _made(request: Request) -> UUID | None:
    """The ``id`` in the answer of a route that creates."""
    body: bytes | None = getattr(getattr(request.state, "answer", None), "body", None)
    if not body:
        return None
    with suppress(orjson.JSONDecodeError, ValueError, TypeError):
        answer = orjson.loads(body)
        return UUID(answer["id"]) if isinstance(answer, dict) and "id" in answer else None
    return None


async def _fields(request: Request) -> list[str]:
    """The names of what the body changes."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        return []
    given = orjson.loads(await request.body() or b"null")
    return sorted(given) if isinstance(given, dict) else []
