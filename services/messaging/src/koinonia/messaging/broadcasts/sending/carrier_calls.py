"""Calling the carrier for the texts of a claimed batch, many at a time, in turn, within the lease.

The worst case fits: no call begins after ``BEGIN_SECONDS``, and one text takes at most
``TRIES_SECONDS`` and a last call of ten. Together that is less than ``batches.LEASE_SECONDS``.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from koinonia.carriers import CARRIERS
from koinonia.carriers.contract import Accepted, Carrier, OutgoingText
from koinonia.carriers.failures import CarrierFailure, Follows
from koinonia.common import retry
from koinonia.common.phone import Phones
from koinonia.messaging.broadcasts.sending.claims import Claimed
from koinonia.messaging.broadcasts.sending.pace import Pace
from koinonia.messaging.composing.template_text import Template

BEGIN_SECONDS = 20.0
TRIES_SECONDS = 10.0
TRIES = 3


@dataclass(frozen=True, slots=True)
class Content:
    """What is the same for every text of a message, kept with it as the merge values are with each
    text: repeated calls are identical."""

    church_id: UUID
    carrier: str
    sender: str
    template: Template = field(repr=False)
    media_urls: Sequence[str]
    profile_id: str | None
    public_url: str

    def addressed(self, text: Claimed, phone: str) -> OutgoingText:
        report_url = (
            f"{self.public_url}{CARRIERS[self.carrier].reports_path}"
            f"?church={self.church_id}&recipient={text.recipient_id}"
        )
        return OutgoingText(
            recipient_id=text.recipient_id,
            church_id=self.church_id,
            sender=self.sender,
            to=phone,
            text=self.template.render(text.merge_values),
            media_urls=self.media_urls,
            report_url=report_url,
            profile_id=self.profile_id,
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What the carrier said to one text. Neither: we did not come to call it."""

    text: Claimed
    accepted: Accepted | None = None
    failure: CarrierFailure | None = None  # of the last call
    may_be_sent: bool = False  # by a call before the last
    wait: float = 0.0  # seconds until it may be its turn, when that did not come


async def call(
    carrier: Carrier,
    lane: asyncio.Semaphore,
    pace: Pace,
    phones: Phones,
    content: Content,
    texts: Sequence[Claimed],
) -> list[Answer]:
    """The carrier's answer to each text. Raises ``SealBroken`` before any call is made."""
    addressed = {text: content.addressed(text, phones.open(text.phone_sealed)) for text in texts}
    until = asyncio.get_running_loop().time() + BEGIN_SECONDS
    calls: list[asyncio.Task[Answer]] = []
    wait = 0.0
    async with asyncio.TaskGroup() as tasks:
        for portion in pace.portions(texts):
            wait = await pace.wait(portion)
            if wait:
                break
            calls += [
                tasks.create_task(_one(carrier, lane, pace, addressed[text], text, until))
                for text in portion
            ]
    rest = texts[len(calls) :]
    return [
        *(each.result() for each in calls),
        *(Answer(text, may_be_sent=text.may_be_sent, wait=wait) for text in rest),
    ]


async def _one(
    carrier: Carrier,
    lane: asyncio.Semaphore,
    pace: Pace,
    text: OutgoingText,
    claimed: Claimed,
    until: float,
) -> Answer:
    async with lane:
        if asyncio.get_running_loop().time() > until:
            return Answer(claimed, may_be_sent=claimed.may_be_sent)
        answer = await _tried(carrier, text, claimed)
    if answer.failure:
        await pace.heed(answer.failure)
    return answer


async def _tried(carrier: Carrier, text: OutgoingText, claimed: Claimed) -> Answer:
    """Nearly every first call succeeds, so only what follows a failure pays for being repeated:
    more than half as much as the call itself."""
    clock = asyncio.get_running_loop().time
    began = clock()
    try:
        return Answer(claimed, accepted=await carrier.send(text))
    except CarrierFailure as failure:
        first = failure
    left = TRIES_SECONDS - (clock() - began)
    if left <= 0 or not _may_pass(carrier, first):
        return Answer(claimed, failure=first, may_be_sent=claimed.may_be_sent)
    return await _tried_again(carrier, text, claimed, first, left)


async def _tried_again(
    carrier: Carrier, text: OutgoingText, claimed: Claimed, first: CarrierFailure, left: float
) -> Answer:
    failures: list[CarrierFailure] = []

    def may_pass(failure: Exception) -> bool:
        return isinstance(failure, CarrierFailure) and _may_pass(carrier, failure)

    try:
        async for attempt in retry.retrying(may_pass, attempts=TRIES, timeout=left):
            with attempt:
                if not failures:
                    failures.append(first)
                    raise first
                try:
                    return Answer(claimed, accepted=await carrier.send(text))
                except CarrierFailure as failure:
                    failures.append(failure)
                    raise
    except CarrierFailure as last:
        earlier = claimed.may_be_sent or any(each.ambiguous for each in failures[:-1])
        return Answer(claimed, failure=last, may_be_sent=earlier)
    raise AssertionError("unreachable: the last failure is raised")


def _may_pass(carrier: Carrier, failure: CarrierFailure) -> bool:
    return (
        failure.failure.follows is Follows.RETRY_LATER
        and failure.retry_after is None
        and (carrier.is_repeatable or not failure.ambiguous)
    )
