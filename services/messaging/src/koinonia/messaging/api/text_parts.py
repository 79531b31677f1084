"""``/api/messages/segments``: what a text costs while it is written."""

from fastapi import APIRouter

from koinonia.carriers import segments
from koinonia.common.web import CurrentAdmin
from koinonia.messaging.composing import cheaper_text, template_text, text_parts
from koinonia.messaging.composing.schemas import Cheaper, SegmentsIn, SegmentsOut

router = APIRouter(prefix="/api/messages", tags=["messages"])


@router.post("/segments")
async def count_segments(body: SegmentsIn, admin: CurrentAdmin) -> SegmentsOut:
    """How a text is encoded and cut into parts. Merge fields count as what somebody without the
    values gets; POST /api/messages/preview counts each recipient's own text."""
    text = template_text.typical(body.content)
    measured = segments.measure(text)
    offer = cheaper_text.offer(body.content)
    return SegmentsOut(
        encoding=measured.encoding,
        units=measured.units,
        parts=measured.parts,
        units_per_part=list(measured.units_per_part),
        cheaper=offer and Cheaper(content=offer.content, parts=offer.parts),
        is_sendable=not text_parts.cost(text, has_media=False).is_too_long,
    )
