"""What is to be sent to whom, before anybody is looked up: what a request to send, a plan and a
schedule have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.carriers import segments
from koinonia.messaging.broadcasts.priority import Priority
from koinonia.messaging.broadcasts.schemas import SendRequest
from koinonia.messaging.errors import EmptyText, TextTooLong
from koinonia.messaging.people.audience import TargetType


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One message as its author wrote it."""

    content: str
    target_type: TargetType
    target_ids: Sequence[UUID] = ()
    media_urls: Sequence[str] = ()
    priority: Priority = Priority.NORMAL
    plan_hash: str | None = None

    def parts_of(self, text: str) -> int:
        """What one text costs. With media it is not cut up and counts as one part."""
        return 1 if self.media_urls else segments.measure(text).parts


async def of(session: AsyncSession, church_id: UUID, request: SendRequest) -> Draft:
    """The draft of a request; raises what is wrong with its words."""
    if not request.content.strip() and not request.media_urls:
        raise EmptyText
    draft = Draft(
        content=request.content,
        target_type=request.target_type,
        target_ids=request.target_ids,
        media_urls=request.media_urls,
        priority=request.priority,
        plan_hash=request.plan_hash,
    )
    check_length(request.content, draft.parts_of(request.content))
    return draft


def check_length(text: str, parts: int) -> None:
    """Raises ``TextTooLong`` for what no carrier takes in one call."""
    if len(text) <= segments.MAX_CHARACTERS and parts <= segments.MAX_PARTS:
        return
    raise TextTooLong(
        f"The text has {len(text)} characters, which is {parts} parts. Shorten it to "
        f"{segments.MAX_CHARACTERS} characters and {segments.MAX_PARTS} parts; emoji and unusual "
        "letters make parts shorter.",
        details={"characters": len(text), "parts": parts},
    )
