"""P3 as a property: whatever order news comes in, however often and in what batches, it ends the
same, and the counters are right at every step."""

import itertools
from collections import Counter
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koinonia.common.events.messaging import DeliveryStatus, DeliveryUpdated
from koinonia.common.testing.properties import on_servers
from koinonia.messaging.messages import batches

from .reporting import claimed, noted, report
from .stage import Stage

TEXTS = 3
ESTIMATED, TRUE_PARTS = 1, 2  # of one text; a report may leave the parts out
FINAL = (DeliveryStatus.UNCONFIRMED, DeliveryStatus.FAILED, DeliveryStatus.DELIVERED)
NOTE = None  # stands for the worker's note of what the carrier answered

News = tuple[int, DeliveryStatus, int | None]
reports = st.tuples(
    st.integers(0, TEXTS - 1),
    st.sampled_from((DeliveryStatus.SENDING, DeliveryStatus.SENT, *FINAL)),
    st.sampled_from((None, TRUE_PARTS)),
)
histories = st.lists(st.lists(reports, min_size=1, max_size=5), max_size=6).flatmap(
    lambda batches: st.permutations([*batches, NOTE])
)


async def lived(stage: Stage, history: list[list[News] | None]) -> UUID:
    """A message that met this history: batches of reports, and the note somewhere among them."""
    await stage.run("DELETE FROM members")
    await stage.members(TEXTS)
    message_id = await stage.started()
    batch, texts = await claimed(stage, message_id)
    for step in history:
        if step is NOTE:
            await noted(stage, batch, texts, parts=None)
        else:
            await stage.report(
                *(
                    report(stage, texts[n].recipient_id, status, parts=parts, cost=Decimal("0.005"))
                    for n, status, parts in step
                )
            )
        await stage.counted(message_id)
    return message_id


def expected(history: list[list[News] | None], text: int) -> tuple[str, int]:
    """Where one text ends, and what it is billed."""
    news = [each for step in history if step for each in step if each[0] == text]
    status = max((status for _, status, _ in news), key=lambda s: s.rank, default=None)
    parts = next((parts for _, _, parts in news if parts), ESTIMATED)
    final = status or DeliveryStatus.SENDING
    return final, 0 if final is DeliveryStatus.FAILED else parts


@on_servers(examples=60)
@given(history=histories)
async def test_any_order_of_news_ends_the_same(stage: Stage, history: Any) -> None:
    message_id = await lived(stage, history)

    ended = [(text.status, text.parts_billed) for text in await stage.texts(message_id)]
    assert ended == [expected(history, text) for text in range(TEXTS)]
    told = [e for e in await stage.told(DeliveryUpdated) if e.message_id == message_id]
    assert sum(e.parts for e in told) == sum(parts for _, parts in ended)


REPORTED = (DeliveryStatus.SENDING, DeliveryStatus.SENT, *FINAL)
PERMUTATIONS = [order for count in range(1, 6) for order in itertools.permutations(REPORTED, count)]
"""Every order of every set of reports; each is the life of one text."""


@pytest.mark.parametrize("noted_after", range(len(REPORTED) + 1))
async def test_every_permutation_of_every_set_of_reports_ends_the_same(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, noted_after: int
) -> None:
    """``noted_after`` so many reports of each text, the worker's note is written down."""
    monkeypatch.setattr(batches, "SIZE", len(PERMUTATIONS))
    await stage.members(len(PERMUTATIONS))
    message_id = await stage.started()
    batch, texts = await claimed(stage, message_id)
    ids = [text.recipient_id for text in texts]
    for step in range(len(REPORTED) + 1):
        if step == noted_after:
            await noted(stage, batch, texts, parts=None)
        told = [(ids[n], order[step]) for n, order in enumerate(PERMUTATIONS) if step < len(order)]
        if told:
            await stage.report(*(report(stage, *each, parts=TRUE_PARTS) for each in told))

    ended = {text.id: (text.status, text.parts_billed) for text in await stage.texts(message_id)}
    for text_id, order in zip(ids, PERMUTATIONS, strict=True):
        best = max(order, key=lambda status: status.rank)
        assert ended[text_id] == (best, 0 if best is DeliveryStatus.FAILED else TRUE_PARTS), order
    await stage.counted(message_id)


async def test_listeners_can_follow_every_move(stage: Stage) -> None:
    """Each change starts where the one before it ended, so that a sum of moves is the state."""
    history: list[list[News] | None] = [
        [(0, DeliveryStatus.DELIVERED, None), (1, DeliveryStatus.SENT, None)],
        NOTE,
        [(1, DeliveryStatus.FAILED, None), (2, DeliveryStatus.SENT, None)],
    ]
    message_id = await lived(stage, history)

    moves: Counter[str] = Counter({DeliveryStatus.PENDING: TEXTS})
    for event in await stage.told(DeliveryUpdated):
        for change in event.changes:
            moves[change.previous] -= 1
            moves[change.status] += 1
    assert +moves == Counter(await stage.counted(message_id))
