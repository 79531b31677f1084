"""What is to be sent to whom, before anybody is looked up: what a request to send, a preview and a
schedule have in common."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.carriers import segments
from koinonia.messaging.composing import template_text, templates, text_fields
from koinonia.messaging.composing.template_text import Template
from koinonia.messaging.composing.text_parts import Cost
from koinonia.messaging.errors import EmptyText, TextTooLong
from koinonia.messaging.messages.priority import Priority
from koinonia.messaging.messages.schemas import SendRequest
from koinonia.messaging.people.audience import TargetType


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One message as its author wrote it."""

    content: str
    template: Template  # the content, taken apart
    target_type: TargetType
    target_ids: Sequence[UUID] = ()
    media_urls: Sequence[str] = ()
    priority: Priority = Priority.NORMAL
    preview_hash: str | None = None
    schedule_id: UUID | None = None
    occurrence_at: datetime | None = None
    latest_at: datetime | None = None  # what has not left by then is skipped
    override_reason: str | None = None  # why quiet hours do not count

    @property
    def has_media(self) -> bool:
        return bool(self.media_urls)

    @property
    def digest(self) -> str:
        """What is the same as long as the same is said to the same target."""
        said = [
            self.content,
            list(self.media_urls),
            self.target_type,
            sorted(map(str, self.target_ids)),
        ]
        return hashlib.sha256(orjson.dumps(said)).hexdigest()


async def of(session: AsyncSession, church_id: UUID, request: SendRequest) -> Draft:
    """The draft of a request; raises what is wrong with its words, as far as they are the same for
    everybody."""
    content = request.content
    if request.template_id:
        content = await templates.content(session, request.template_id)
    if not content.strip() and not request.media_urls:
        raise EmptyText
    known = await text_fields.known(session, church_id) if template_text.OPEN in content else ()
    return Draft(
        content=content,
        template=template_text.parse(content, known),
        target_type=request.target_type,
        target_ids=request.target_ids,
        media_urls=request.media_urls,
        priority=request.priority,
        preview_hash=request.preview_hash,
        override_reason=request.emergency.reason if request.emergency else None,
    )


def too_long(longest: Cost, phones: int) -> TextTooLong:
    """The refusal of a text that no carrier takes in one call, as ``phones`` would get it."""
    shorten = (
        f"Shorten it to {segments.MAX_CHARACTERS} characters and {segments.MAX_PARTS} parts; emoji "
        "and unusual letters make parts shorter."
    )
    whose = f"As {phones} of them would get it, the text" if phones else "The text"
    return TextTooLong(
        f"{whose} has up to {longest.characters} characters, which is {longest.parts} parts. "
        f"{shorten}",
        details={"characters": longest.characters, "parts": longest.parts, "phones": phones},
    )
