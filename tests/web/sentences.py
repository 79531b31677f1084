"""The English sentences of the pages that have a Spanish form of their own."""

import re
from functools import cache

from koinonia.devkit.layout import ROOT

WORDS = ROOT / "web" / "src" / "words"
_TEXT = re.compile(r"(?<!from )\"((?:[^\"\\\n]|\\.)+)\"(?!:)")


@cache
def english_only() -> frozenset[str]:
    """Sentences and words that nobody who reads Spanish should see."""
    return frozenset(_texts("en") - _texts("es"))


def _texts(language: str) -> set[str]:
    files = (WORDS / language).rglob("*.ts")
    return {text for path in files for text in _TEXT.findall(path.read_text()) if len(text) > 2}
