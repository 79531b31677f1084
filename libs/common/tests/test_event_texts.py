"""What people write is sealed on its way, and plain in the processes that it is for."""

import base64
import json
from uuid import uuid4

import pytest
from pydantic import ValidationError
from sqlalchemy import text

from koinonia.common import clock, db, outbox
from koinonia.common.bus import Envelope
from koinonia.common.bus.envelope import Delivery, Undecodable
from koinonia.common.event_texts import MARK, EventTexts
from koinonia.common.events.conversation import ReplyRequested
from koinonia.common.events.ingress import CarrierMessageReceived

SECRET, LINK = "Pray for Ruth, she is ill", "https://files.example.org/ruth.jpg"


def ring(*names: str) -> EventTexts:
    keys = (f"{name}:{base64.b64encode(name.encode().ljust(32, b'0')).decode()}" for name in names)
    return EventTexts.parse(",".join(keys))


def reply(words: str = SECRET) -> ReplyRequested:
    return ReplyRequested(
        church_id=uuid4(),
        reply_id=uuid4(),
        conversation_id=uuid4(),
        sender="+12025550190",
        sealed_phone="k1:x",
        text=words,
        media_urls=(LINK,),
    )


def test_texts_and_links_are_plain_in_a_process_and_sealed_on_the_wire() -> None:
    event = reply()
    assert event.text == SECRET
    body = event.to_wire(ring("k1"))
    assert SECRET not in body
    assert LINK not in body
    assert ReplyRequested.from_wire(body, ring("k1")) == event


def test_who_has_no_key_reads_all_but_what_people_wrote() -> None:
    event = reply()
    seen = ReplyRequested.from_wire(event.to_wire(ring("k1")))
    assert seen.reply_id == event.reply_id
    assert seen.text.startswith(MARK)


def test_the_same_text_is_sealed_otherwise_each_time() -> None:
    event = reply()
    assert event.to_wire(ring("k1")) != event.to_wire(ring("k1"))


def test_keys_rotate_while_events_are_under_way() -> None:
    body = reply().to_wire(ring("k1"))
    assert ReplyRequested.from_wire(body, ring("k2", "k1")).text == SECRET
    with pytest.raises(ValidationError, match="KOINONIA_EVENT_KEYS"):
        ReplyRequested.from_wire(body, ring("k2"))


def test_an_event_from_before_is_read_as_it_is() -> None:
    assert ReplyRequested.from_wire(reply().to_wire(), ring("k1")).text == SECRET


@pytest.mark.parametrize("words", [f"{MARK}AAAA", MARK, "", "Amén 🙏", "\u202e\u0301", "x" * 1600])
def test_any_text_comes_back_as_it_was(words: str) -> None:
    event = reply(words)
    assert ReplyRequested.from_wire(event.to_wire(ring("k1")), ring("k1")).text == words


@pytest.mark.parametrize("tail", ["", "AAAA", "no base64", "AQJrMQ=="])
def test_a_broken_seal_is_told_and_not_shown(tail: str) -> None:
    body = json.loads(reply().to_wire()) | {"text": MARK + tail}
    message = Envelope(uuid4(), ReplyRequested.name, None, json.dumps(body).encode())
    with pytest.raises(Undecodable, match="does not fit its fields: text"):
        Delivery.decode(message.message("test"), ring("k1"))  # type: ignore[arg-type]


async def test_the_outbox_holds_no_text(sample: db.Database) -> None:
    sample.carry(seal=ring("k1"))
    event = CarrierMessageReceived(
        carrier="telnyx",
        carrier_message_id="m1",
        to="+12025550190",
        sealed_sender="k1:x",
        text=SECRET,
        media_urls=(LINK,),
        received_at=clock.now(),
    )
    async with sample.transaction() as session:
        await outbox.add(session, event)
        [(body,)] = await session.execute(text("SELECT body FROM outbox"))
    assert SECRET not in body
    assert LINK not in body
    assert CarrierMessageReceived.from_wire(body, ring("k1")) == event
