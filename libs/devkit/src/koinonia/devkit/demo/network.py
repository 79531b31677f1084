"""The phones: what the simulated carrier saw and what its people do next."""

from typing import Any

import httpx

ANSWERS = (
    "Thank you, we'll be there!",
    "Amen 🙏",
    "Can I bring a friend?",
    "What time does it start?",
    "Please pray for my mom, she has surgery on Tuesday",
    "Do you need help setting up?",
    "See you Sunday",
)


class Network:
    """The simulated carrier's ledger and knobs."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=10, trust_env=False)

    def calm(self) -> None:
        """Nobody answers by themselves, two in a hundred texts fail, as on a good day."""
        self._turn(answer_share=0.0, stop_share=0.0, fail_share=0.02, answers={}, outcomes={})

    def will_answer(self, answers: dict[str, str]) -> None:
        """From now on these phones receive every text and answer it with these words."""
        outcomes = dict.fromkeys(answers, "delivered")
        self._turn(answers=answers, answer_after=0.5, outcomes=outcomes)

    def received(self, phone: str) -> list[str]:
        """The texts on the screen of a phone, in order."""
        answer = self._http.get(f"/_control/ledger/{phone}").raise_for_status()
        return [receipt["text"] for receipt in answer.json()["receipts"]]

    def accepted(self) -> dict[str, int]:
        """How many texts the carrier took for each phone, ever."""
        phones = self._ledger()["phones"]
        return {phone: counts["accepted"] for phone, counts in phones.items()}

    def is_quiet(self) -> bool:
        """Nothing more happens by itself."""
        return bool(self._ledger()["pending"] == 0)

    def close(self) -> None:
        self._http.close()

    def _ledger(self) -> dict[str, Any]:
        ledger: dict[str, Any] = self._http.get("/_control/ledger").raise_for_status().json()
        return ledger

    def _turn(self, **knobs: Any) -> None:
        self._http.post("/_control/behaviour", json=knobs).raise_for_status()
