"""Names as they are compared and sorted."""

import unicodedata


def tidy(name: str) -> str:
    """A name as it is shown: NFC, without control characters and superfluous spaces."""
    visible = "".join(
        " " if unicodedata.category(letter) in ("Cc", "Zs", "Zl", "Zp") else letter
        for letter in unicodedata.normalize("NFC", name)
    )
    return " ".join(visible.split())


def key(*parts: str) -> str:
    """What ``parts`` have in common in any case and with or without accents: "José  ROJAS" and
    "jose rojas" are one."""
    bare = unicodedata.normalize("NFKD", " ".join(parts))
    letters = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return " ".join(unicodedata.normalize("NFKC", letters.casefold()).split())
