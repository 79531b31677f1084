"""How the simulated carrier behaves: its knobs, and chance that can be repeated."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from hashlib import blake2b
from typing import Self


class UnknownKnob(ValueError):
    """A knob that does not exist, or a value of the wrong kind."""


@dataclass(slots=True)
class Behaviour:
    """Times are seconds, shares are between 0 and 1. Every time is spread by half around itself.

    Presets, sets of knobs with a name, are in presets.py.
    """

    clock: float = 1.0  # every time is multiplied by it: with 0.1 all happens ten times as fast

    send_latency: float = 0.01  # until a send call is answered
    sent_after: float = 0.1  # until a text leaves for the mobile network
    final_after: float = 0.3  # from there until its last report
    answer_after: float = 1.5  # until a person answers a text
    order_seconds: float = 0.5  # until an ordered number is ready; 0: when the order is answered
    late_seconds: float = 2.0  # what a late report is late by
    hang_seconds: float = 30.0  # until a call that hangs is cut; the caller may give up before
    retry_after: float = 1.0  # what a 429 asks for

    # Texts
    fail_share: float = 0.02  # texts that never reach the phone
    strange_failure_share: float = 0.0  # of those: for a reason nobody has heard of
    stop_failure_share: float = 0.0  # of those: because the person told the network STOP
    unconfirmed_share: float = 0.0  # texts that arrive without the network saying so
    extra_part_share: float = 0.0  # texts that have a part more than their characters ask for
    recount_share: float = 0.0  # texts that have a part more in their last report than before

    # Send calls. Nothing is sent:
    error_share: float = 0.0  # answered 500
    throttle_share: float = 0.0  # answered 429, with retry-after
    bare_throttle_share: float = 0.0  # answered 429 and nothing else
    html_share: float = 0.0  # answered with a page of HTML: 502, 503, 504 or even 200
    reset_share: float = 0.0  # the connection is reset
    hang_share: float = 0.0  # never answered
    strange_refusal_share: float = 0.0  # refused for a reason nobody has heard of
    stop_refusal_share: float = 0.0  # refused because of a STOP that only the carrier heard
    # The text is taken all the same:
    lost_answer_share: float = 0.0  # answered 502 by a gateway
    lost_reset_share: float = 0.0  # the connection is reset
    lost_hang_share: float = 0.0  # never answered

    # Reports
    early_share: float = 0.0  # texts that are reported before their call is answered
    duplicate_share: float = 0.0  # delivered twice, under one id
    echo_share: float = 0.0  # delivered again under an id of their own
    late_share: float = 0.0  # delivered late
    swap_share: float = 0.0  # texts reported sent after they were reported delivered or failed
    drop_share: float = 0.0  # never delivered
    odd_share: float = 0.0  # with a field of another kind than usual
    odd_cost_share: float = 0.0  # whose cost is a number, or null, or not in its object
    illegible_share: float = 0.0  # from which nobody can tell what happened
    unknown_share: float = 0.0  # followed by an event of a kind that does not exist
    regress_share: float = 0.0  # texts reported sent once more after their last report
    false_failure_share: float = 0.0  # texts reported delivered, later failed: not true
    hasty_failure_share: float = 0.0  # texts reported failed or unconfirmed, later delivered: true

    answer_share: float = 0.05  # texts that are answered
    stop_share: float = 0.0  # answers that are STOP

    outcomes: dict[str, str] = field(default_factory=dict)
    """What always happens to texts for a phone: ``delivered``, ``unconfirmed`` or an error code."""
    answers: dict[str, str] = field(default_factory=dict)
    """What a phone answers to every text, whatever the shares say. Empty: it stays silent."""

    strict_senders: bool = False  # refuse numbers that were not ordered here
    webhook_timeout: float = 2.0  # the carrier's patience, which no clock changes
    webhook_attempts: int = 3
    webhook_backoff: float = 1.0  # before the second attempt; doubled before each further one

    def turn(self, knobs: Mapping[str, object]) -> Self:
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


def _fits(value: object, kind: type) -> bool:
    if kind is dict:
        return isinstance(value, dict) and all(isinstance(word, str) for word in value.values())
    if kind is bool or isinstance(value, bool):
        return isinstance(value, kind)
    return isinstance(value, int if kind is int else int | float) and value >= 0


class Dice:
    """Chance that can be repeated: the same seed and question give the same answer, whatever
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
