"""A text reduced to plain words: small Latin letters and digits, single spaces."""

import re
import unicodedata
from collections.abc import Iterator

from koinonia.common import visible_text

# Letters of other alphabets that look like ours, after casefolding.
LOOK_ALIKE = str.maketrans(
    "аеорсухѕітпкмнвԁӏүһԛԝɡαεορτυχικνηβσς",  # Cyrillic, then Greek
    "aeopcyxsitnkmhbdlyhqwgaeoptuxiknhbss",
)
STAND_IN = str.maketrans("0135$@", "oiessa")
ACCENTS = ("Mn", "Me")
MARKS = str.maketrans("", "", "™®©℠")  # which compatibility would write as letters
APOSTROPHES = "'’‘`´ʼ"
CLAUSE_END = re.compile(r"[.!?;,…()\n]+|\s+[-–—~]+\s*|[-–—]{2,}")
LONGEST = 1600  # letters after folding: one sign may stand for eighteen
MOST_CLAUSES = 60


def words(text: str) -> str:
    """No accents, look-alikes, signs or emoji: "“ŚTOP!!” 🙏" is "stop"."""
    composed = unicodedata.normalize("NFKC", text[:LONGEST].translate(MARKS))[:LONGEST]
    folded = unicodedata.normalize("NFKD", composed.casefold())[: 2 * LONGEST]
    seen = "".join(_letters(folded)).translate(LOOK_ALIKE)
    return " ".join(map(_stood_in, seen.split()))


def clauses(text: str) -> list[tuple[str, str]]:
    """What stands between punctuation and line breaks: as it was written, and its plain words. The
    empty ones are left out, and what comes after ``LONGEST`` plain letters."""
    found, left = list[tuple[str, str]](), LONGEST
    for clause in CLAUSE_END.split(text, MOST_CLAUSES)[:MOST_CLAUSES]:
        if plain := words(clause)[:left]:
            found.append((clause, plain))
            left -= len(plain)
    return found


def _letters(folded: str) -> Iterator[str]:
    for letter in folded:
        kind = unicodedata.category(letter)
        if kind in ACCENTS or letter in APOSTROPHES or visible_text.is_invisible(letter):
            continue  # "don't" is one word, and what cannot be seen does not part one
        yield letter if kind[0] == "L" or kind == "Nd" or letter in "$@" else " "


def _stood_in(word: str) -> str:
    """ "St0p" is "stop", while "2025" stays a number."""
    return word if word.isalpha() or word.isdigit() else word.translate(STAND_IN)
