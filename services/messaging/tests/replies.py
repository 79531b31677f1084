"""Replies as the shared inbox asks for them."""

from typing import Any

from koinonia.common import db
from koinonia.common.events.conversation import ReplyRequested

from . import factories
from .stage import Stage


async def requested(stage: Stage, phone: str, **given: Any) -> ReplyRequested:
    [number] = await stage.query("SELECT phone_number FROM phone_numbers")
    values = {
        "church_id": stage.church_id,
        "reply_id": db.uuid7(),
        "conversation_id": db.uuid7(),
        "admin_id": db.uuid7(),
        "sender": number.phone_number,
        "sealed_phone": factories.PHONES.seal(phone),
        "text": "See you at ten",
    }
    return ReplyRequested(**(values | given))
