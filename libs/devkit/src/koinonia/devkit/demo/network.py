"""The phones: what the simulated carrier saw and what its people do next."""

import base64
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

import httpx

from koinonia.devkit.demo.answers import Json

ANSWERS = (
    "Thank you, we'll be there!",
    "Amen 🙏",
    "Can I bring a friend?",
    "What time does it start?",
    "Please pray for my mom, she has surgery on Tuesday",
    "Do you need help setting up?",
    "See you Sunday",
)


PACE = {"sent_after": 0.3, "final_after": 0.8, "answer_after": 0.5}  # slow enough to watch
QUIET = {"answer_share": 0.0, "fail_share": 0.02, "answers": {}, "outcomes": {}}

OUT_OF_REACH = "40008"  # Telnyx's code


@dataclass(frozen=True)
class Tally:
    """Texts by phone: what the carrier took, and what appeared on the screen."""

    taken: Counter[str]
    received: Counter[str]

    def since(self, before: Self) -> "Tally":
        return Tally(self.taken - before.taken, self.received - before.received)


class Network:
    """The simulated carrier's ledger and knobs."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=10, trust_env=False)

    @contextmanager
    def rehearsed(self) -> Iterator[None]:
        """Until the block ends people answer only when they are told to; two in a hundred texts
        fail, as on a good day. Afterwards they do as they did before."""
        usual = self._http.get("/_control/behaviour").raise_for_status().json()
        try:
            self._turn(**PACE, **QUIET)
            yield
        finally:
            self._turn(**{knob: usual[knob] for knob in (*PACE, *QUIET)})

    def silence(self) -> None:
        """From now on nobody answers."""
        self._turn(**QUIET)

    def will_answer(self, answers: dict[str, str]) -> None:
        """From now on these phones receive every text and answer it with these words."""
        self._turn(answers=answers, outcomes=dict.fromkeys(answers, "delivered"))

    def will_receive(self, phones: Iterable[str]) -> None:
        """From now on every text arrives at these phones, too."""
        outcomes = self._http.get("/_control/behaviour").raise_for_status().json()["outcomes"]
        self._turn(outcomes=outcomes | dict.fromkeys(phones, "delivered"))

    def will_be_away(self, phone: str) -> None:
        """From now on no text reaches this phone, as its network says."""
        outcomes = self._http.get("/_control/behaviour").raise_for_status().json()["outcomes"]
        self._turn(outcomes=outcomes | {phone: OUT_OF_REACH})

    def write(self, phone: str, number: str, words: str) -> None:
        """Somebody texts a number."""
        text = {"from": phone, "to": number, "text": words}
        self._http.post("/_control/inbound", json=text).raise_for_status()

    def show(self, phone: str, number: str, words: str, picture: bytes) -> None:
        """Somebody texts a number a picture, a PNG."""
        media = {"content": base64.b64encode(picture).decode(), "contentType": "image/png"}
        text = {"from": phone, "to": number, "text": words, "media": [media]}
        self._http.post("/_control/inbound", json=text).raise_for_status()

    def write_to_several(self, phone: str, numbers: list[str], words: str) -> None:
        """Somebody texts several phones at once; the carrier does not say which number is ours."""
        text = {"from": phone, "to": numbers, "text": words, "marked": False}
        self._http.post("/_control/inbound", json=text).raise_for_status()

    def lose_address(self, number: str) -> None:
        """The profile of a number of ours has no address for texts any more."""
        body = {"among": [number], "webhooks": 1.0}
        self._http.post("/_control/lose", json=body).raise_for_status()

    def received(self, phone: str) -> list[str]:
        """The texts on the screen of a phone, in order."""
        answer = self._http.get(f"/_control/ledger/{phone}").raise_for_status()
        return [receipt["text"] for receipt in answer.json()["receipts"]]

    def tally(self) -> Tally:
        """How many texts the carrier took for each phone, and how many reached it, ever."""
        phones = self._ledger()["phones"]
        return Tally(
            Counter({phone: counts["accepted"] for phone, counts in phones.items()}),
            Counter({phone: counts["received"] for phone, counts in phones.items()}),
        )

    def is_quiet(self) -> bool:
        """Nothing more happens by itself."""
        return bool(self._ledger()["pending"] == 0)

    def close(self) -> None:
        self._http.close()

    def _ledger(self) -> dict[str, Json]:
        ledger: dict[str, Json] = self._http.get("/_control/ledger").raise_for_status().json()
        return ledger

    def _turn(self, **knobs: object) -> None:
        self._http.post("/_control/behaviour", json=knobs).raise_for_status()
