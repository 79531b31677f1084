"""How the simulated carrier behaves: one set of knobs, and dice that always fall the same way."""

from dataclasses import dataclass, field, fields
from hashlib import blake2b
from typing import Any, Self


class UnknownKnob(ValueError):
    """A knob that does not exist, or a value of the wrong kind."""


@dataclass(slots=True)
class Behaviour:
    """Times are seconds, shares are between 0 and 1. Every time is spread by half around itself."""

    send_latency: float = 0.01  # until a send call is answered
    sent_after: float = 0.1  # until a text leaves for the mobile network
    final_after: float = 0.3  # from there until its last report
    answer_after: float = 1.5  # until a person answers a text
    order_seconds: float = 0.5  # until an ordered number is ready

    fail_share: float = 0.02  # texts that never reach the phone
    unconfirmed_share: float = 0.0  # texts that arrive without the network saying so
    error_share: float = 0.0  # send calls answered 500, nothing sent
    throttle_share: float = 0.0  # send calls answered 429, nothing sent
    lost_answer_share: float = 0.0  # send calls carried out, yet answered 502 by a gateway
    duplicate_share: float = 0.0  # reports delivered twice

    answer_share: float = 0.05  # texts that are answered
    stop_share: float = 0.0  # answers that are STOP

    outcomes: dict[str, str] = field(default_factory=dict)
    """What always happens to texts for a phone: ``delivered``, ``unconfirmed`` or an error code."""
    answers: dict[str, str] = field(default_factory=dict)
    """What a phone answers to every text, whatever the shares say. Empty: it stays silent."""

    strict_senders: bool = False  # refuse numbers that were not ordered here
    webhook_timeout: float = 2.0
    webhook_attempts: int = 3
    webhook_backoff: float = 1.0  # before the second attempt; doubled before each further one

    def turn(self, knobs: dict[str, Any]) -> Self:
        """Turn several knobs at once or, when one of them is wrong, none."""
        fresh = Behaviour()
        kinds = {knob.name: type(getattr(fresh, knob.name)) for knob in fields(self)}
        for name, value in knobs.items():
            if name not in kinds:
                raise UnknownKnob(f"There is no knob {name}. There are: {', '.join(kinds)}.")
            if not _fits(value, kinds[name]):
                raise UnknownKnob(f"{name} must be a {kinds[name].__name__}, not {value!r}.")
        for name, value in knobs.items():
            setattr(self, name, value)
        return self


def _fits(value: Any, kind: type) -> bool:
    if kind is dict:
        return isinstance(value, dict) and all(isinstance(word, str) for word in value.values())
    if kind is bool or isinstance(value, bool):
        return isinstance(value, kind)
    return isinstance(value, int if kind is int else int | float) and value >= 0


class Dice:
    """Chance without order: the same seed and the same question give the same answer, whatever
    was asked before and however long it took."""

    def __init__(self, seed: int) -> None:
        self._key = str(seed).encode()

    def roll(self, *question: object) -> float:
        """A number in [0, 1)."""
        words = "\x1f".join(map(str, question)).encode("utf-8", "surrogatepass")
        digest = blake2b(words, digest_size=8, key=self._key).digest()
        return (int.from_bytes(digest) >> 11) / (1 << 53)

    def happens(self, share: float, *question: object) -> bool:
        return share > 0 and self.roll(*question) < share

    def spread(self, seconds: float, *question: object) -> float:
        """Between half and one and a half of ``seconds``."""
        return seconds * (0.5 + self.roll("spread", *question)) if seconds else 0.0
