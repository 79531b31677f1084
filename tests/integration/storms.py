"""Many people text a church at the same moment, and what its inbox must hold afterwards."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass
from typing import Any

from koinonia.common.testing.phones import phone

from .churches import Church
from .network import Network

STRANGERS = 4_000  # phones from here on are no member's
AT_ONCE = 25  # people who press send at the same moment
PAGE = 100

Lines = dict[str, Counter[str]]  # by phone


@dataclass
class Storm:
    """What is texted, in this order: phone and words."""

    texts: list[tuple[str, str]]
    sent: int = 0

    @classmethod
    def of(cls, senders: int, texts: int) -> "Storm":
        """Each phone as often as the others, all mixed; some texts are the same twice."""
        mixed = [
            (phone(STRANGERS + n % senders), f"Text {n // senders // 2}") for n in range(texts)
        ]
        random.Random(texts).shuffle(mixed)
        return cls(mixed)

    @property
    def lines(self) -> Lines:
        counted: Lines = {}
        for sender, words in self.texts:
            counted.setdefault(sender, Counter())[words] += 1
        return counted

    async def break_out(self, network: Network, number: str) -> None:
        at_once = asyncio.Semaphore(AT_ONCE)

        async def text(sender: str, words: str) -> None:
            async with at_once:
                await network.text(sender, number, words)
                self.sent += 1

        await asyncio.gather(*(text(*each) for each in self.texts))

    async def threads(self, church: Church) -> list[dict[str, Any]] | None:
        """The threads of all who texted, once each counts as many unread as it was sent."""
        listed = await church.everything("/api/conversations", unread="true")
        unread = {each["phone"]: each["unreadCount"] for each in listed}
        expected = {sender: words.total() for sender, words in self.lines.items()}
        if {sender: unread.get(sender) for sender in expected} != expected:
            return None
        return [each for each in listed if each["phone"] in expected]


async def lines(church: Church, threads: list[dict[str, Any]]) -> Lines:
    """What each of the threads shows, and that its unread count is the number of its lines."""
    at_once = asyncio.Semaphore(AT_ONCE)

    async def shown(thread_id: str) -> Any:
        async with at_once:
            return await church.get(f"/api/conversations/{thread_id}", messagesLimit=PAGE)

    found = await asyncio.gather(*(shown(each["id"]) for each in threads))
    assert [each["unreadCount"] for each in found] == [len(each["messages"]) for each in found]
    return {each["phone"]: Counter(line["content"] for line in each["messages"]) for each in found}
