"""What is to be sent to whom, before anybody is looked up: what a request to send, a preview and a
schedule have in common."""

import functools
import hashlib
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import visible_text
from koinonia.common.events.messaging import MessageKind
from koinonia.common.phone import Phones
from koinonia.messaging.composing import template_text, templates, text_fields, uploads
from koinonia.messaging.composing.template_text import Template
from koinonia.messaging.errors import EmptyText
from koinonia.messaging.messages import sample_values
from koinonia.messaging.messages.church_facts import ChurchFacts
from koinonia.messaging.messages.schemas import SendRequest
from koinonia.messaging.messages.weekly_budget import Priority
from koinonia.messaging.numbers.senders import Choice
from koinonia.messaging.people import audience
from koinonia.messaging.people.audience import Audience
from koinonia.messaging.people.targets.aims import Aim
from koinonia.messaging.people.targets.target_schemas import TargetType

DUPLICATE = "duplicate"
DIGEST = "bit_xor(hashtextextended(audience.phone_index, 0))"
"""Of a group of rows of ``audience``, in whatever order they come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One message as its author wrote it."""

    content: str
    template: Template  # the content, taken apart
    aim: Aim  # whom it is for
    media_urls: Sequence[str] = ()  # of all files, those of uploads too
    media_ids: Sequence[UUID] = ()  # the uploads among them
    priority: Priority = Priority.NORMAL
    from_number_id: UUID | None = None
    preview_hash: str | None = None
    schedule_id: UUID | None = None
    occurrence_at: datetime | None = None
    latest_at: datetime | None = None  # what has not left by then is skipped
    undo_until: datetime | None = None  # nothing of it leaves before
    override_reason: str | None = None  # why quiet hours do not count
    kind: MessageKind = MessageKind.BROADCAST
    values_of: UUID | None = None  # the member whose values all texts take

    @property
    def has_media(self) -> bool:
        return bool(self.media_urls)

    @property
    def digest(self) -> str:
        """Equal for drafts that say the same to the same target."""
        said = [
            self.content,
            list(self.media_urls),
            self.aim.target_type,
            sorted(map(str, self.aim.target_ids)),
            *([self.aim.shown] if self.aim.shown else []),
        ]
        return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


async def from_request(
    session: AsyncSession,
    church_id: UUID,
    request: SendRequest,
    phones: Phones,
    facts: ChurchFacts | None = None,
) -> Draft:
    """The draft of a request; raises what is wrong with its target, and with its words as far as
    they are the same for everybody. ``facts`` are those of all messages of the transaction."""
    facts = facts or ChurchFacts(session, church_id)
    content, media_ids = request.content, list(request.media_ids)
    if request.template_id:
        template = await templates.get(session, request.template_id)
        content = template.content
        media_ids = list(dict.fromkeys([*template.media_ids, *media_ids]))
    media = await uploads.media(session, church_id, request.media_urls, media_ids)
    if visible_text.is_empty(content) and not media.urls:
        raise EmptyText
    known = await text_fields.known(session, church_id) if template_text.OPEN in content else ()
    return Draft(
        content=content,
        template=template_text.parse(content, known),
        aim=await facts.aim(request.whom, phones),
        media_urls=media.urls,
        media_ids=media.ids,
        from_number_id=request.from_number_id,
        priority=request.priority,
        preview_hash=request.preview_hash,
        override_reason=request.emergency.reason if request.emergency else None,
    )


async def number(facts: ChurchFacts, draft: Draft) -> Choice | None:
    """The number that a draft is sent from; None where the church has none. Raises what is wrong
    with the one that it asks for."""
    groups = draft.aim.target_ids if draft.aim.target_type is TargetType.GROUPS else ()
    return await facts.chosen_number(draft.from_number_id, tuple(groups))


async def audience_query(
    facts: ChurchFacts, church_id: UUID, draft: Draft, *, is_sealed: bool = True
) -> Audience:
    """Who gets a draft, as its church's rules have it. To be asked where ``facts.planned``."""
    reached = audience.query(
        church_id,
        draft.aim,
        merge_fields=draft.template.fields,
        budget=await facts.budget(draft.priority),
        is_sealed=is_sealed,
    )
    if draft.values_of is None:
        return reached
    return sample_values.taken(reached, draft.values_of, draft.template.fields)


class Counted(Protocol):
    """A row that counts the phones of an audience, and the people who share them."""

    @property
    def reason(self) -> str | None: ...

    @property
    def phones(self) -> int: ...

    @property
    def people(self) -> int: ...


class Digested(Protocol):
    """A row that has :data:`DIGEST` of the phones that it counts."""

    @property
    def digest(self) -> int: ...


def phones_digest(draft: Draft, texted: Sequence[Digested]) -> int | None:
    """Equal for the very same phones. None but of a draft for the phones of an earlier message:
    among all others somebody is always just joining."""
    if draft.aim.message_id is None:
        return None
    return functools.reduce(operator.xor, (row.digest for row in texted), 0)


def excluded(counted: Sequence[Counted]) -> dict[str, int]:
    """Phones by reason, and duplicates."""
    found: dict[str, int] = {}
    for row in counted:
        if row.reason is not None:
            found[row.reason] = found.get(row.reason, 0) + row.phones
    if duplicates := sum(row.people - row.phones for row in counted):
        found[DUPLICATE] = duplicates
    return found
