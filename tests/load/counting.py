"""Counting the parts of texts, beside merely looking at each letter. One core, no server."""

import time
from collections import deque
from collections.abc import Callable, Sequence

from tests.load.figures import Figure, Floor, Section, Spoiled

from koinonia.carriers import segments
from koinonia.messaging.composing import template_text, text_parts

COUNT = 20_000
TRIES = 5
SHORT = "Hi Anna {n}, the picnic is on Sunday at noon. Bring a dish to share!"

KINDS = {
    "texts of 70 plain letters": (SHORT, 1),
    "with accents and signs of two units": (SHORT + " Señora {n}: 5 € [at the door]", 1),
    "with an emoji": (SHORT + " See you there! 🎉", 2),
    "of ten parts": ("Grace and peace. " * 90, 10),
    "of ten parts with an emoji": ("Grace and peace. " * 37 + "🎉" * 18, 10),
}


def measure() -> Section:
    """Texts per second."""
    figures = [_kind(what, *kind) for what, kind in KINDS.items()]
    return Section("Counting the parts of texts, texts per second", [*figures, _filled()])


def _kind(what: str, pattern: str, expected: int) -> Figure:
    texts = [pattern.format(n=n) for n in range(COUNT)]
    if {segments.measure(text).parts for text in texts} != {expected}:
        raise Spoiled(f"Not all {what} have {expected} parts.")
    return Figure(what, _rate(segments.measure, texts), "/s", [_looking(texts)])


def _filled() -> Figure:
    """Each with a name of its own, as a preview counts them."""
    template = template_text.parse(SHORT.replace("Anna {n}", "{{firstName|friend}}"))
    values = [[f"Anna {n}"] for n in range(COUNT)]
    texts = [template.render(each) for each in values]
    count = _rate(lambda each: text_parts.cost(template.render(each), has_media=False), values)
    return Figure("filled in and counted", count, "/s", [_looking(texts)])


def _looking(texts: Sequence[str]) -> Floor:
    return Floor("looking at each letter", _rate(lambda text: deque(text, maxlen=0), texts))


def _rate(act: Callable[..., object], given: Sequence[object]) -> float:
    """The best of a few tries, since others may use the machine."""
    best = float("inf")
    for _ in range(TRIES):
        began = time.process_time()
        for each in given:
            act(each)
        best = min(best, time.process_time() - began)
    return len(given) / best
