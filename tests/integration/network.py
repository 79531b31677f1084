"""The simulated network as a test looks at it and turns its knobs."""

from collections.abc import Sequence
from typing import Any

import httpx

from koinonia.common.testing.eventually import eventually

CALM: dict[str, Any] = {
    "send_latency": 0.0,
    "sent_after": 0.05,
    "final_after": 0.1,
    "answer_after": 0.05,
    "order_seconds": 0.0,  # asked again, a number would take a second and a half of each test
    "fail_share": 0.0,
    "answer_share": 0.0,
    "duplicate_share": 0.0,
    "reset_share": 0.0,
    "outcomes": {},
    "answers": {},
}


class Network:
    """What truly reached which phone."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def turn(self, **knobs: Any) -> None:
        (await self._http.post("/_control/behaviour", json=knobs)).raise_for_status()

    async def forget(self) -> None:
        """Begin an empty ledger."""
        (await self._http.post("/_control/reset", json={})).raise_for_status()

    async def ledger(self) -> dict[str, Any]:
        return _json(await self._http.get("/_control/ledger"))

    async def received(self, phones: Sequence[str]) -> list[int]:
        """How many texts each phone has got so far, of anybody."""
        ledger = (await self.ledger())["phones"]
        return [ledger[each]["received"] if each in ledger else 0 for each in phones]

    async def totals(self) -> dict[str, Any]:
        """The ledger without its phones."""
        return _json(await self._http.get("/_control/totals"))

    async def taken(self, church: str) -> list[dict[str, Any]]:
        """Every text that the carrier took from a church, and what it told of it."""
        answer = _json(await self._http.get("/_control/texts", params={"church": church}))
        texts: list[dict[str, Any]] = answer["texts"]
        return texts

    async def texts(self, phone: str) -> list[str]:
        """The words that the phone received, in order."""
        record = _json(await self._http.get(f"/_control/ledger/{phone}"))
        return [receipt["text"] for receipt in record["receipts"]]

    async def text(self, sender: str, number: str, words: str, *media_urls: str) -> None:
        """A person texts a number of ours."""
        body = {"from": sender, "to": number, "text": words, "mediaUrls": media_urls}
        (await self._http.post("/_control/inbound", json=body)).raise_for_status()

    async def text_to_several(
        self, sender: str, numbers: list[str], words: str, *media_urls: str
    ) -> None:
        """A person texts several phones at once; the carrier does not say which number is ours."""
        body = {"from": sender, "to": numbers, "text": words, "mediaUrls": media_urls}
        answer = await self._http.post("/_control/inbound", json=body | {"marked": False})
        answer.raise_for_status()

    async def lose(self, *numbers: str, **shares: float) -> list[str]:
        """The carrier loses these numbers, or their ``profiles`` or ``webhooks``; which it were."""
        body = {"among": numbers, **shares}
        lost = _json(await self._http.post("/_control/lose", json=body))
        return [number for each in lost.values() for number in each]

    async def rest(self, within: float = 30) -> None:
        """Wait until nothing more happens by itself."""

        async def is_quiet() -> bool:
            return bool(_json(await self._http.get("/health"))["pending"] == 0)

        await eventually(is_quiet, within)


def _json(response: httpx.Response) -> dict[str, Any]:
    response.raise_for_status()
    answer: dict[str, Any] = response.json()
    return answer
