"""Names as they are compared and sorted."""

import unicodedata


def tidy(name: str) -> str:
    """A name as it is shown: NFC, without control characters and superfluous spaces."""
    if name.isascii() and name.isprintable():  # nearly all of an import, and ten times faster
        return " ".join(name.split())
    visible = "".join(
        " " if unicodedata.category(letter) in ("Cc", "Zs", "Zl", "Zp") else letter
        for letter in unicodedata.normalize("NFC", name)
    )
    return " ".join(visible.split())


def key(*parts: str) -> str:
    """What ``parts`` have in common in any case and with or without accents: "José  ROJAS" and
    "jose rojas" are one."""
    joined = " ".join(parts)
    if joined.isascii():
        return " ".join(joined.casefold().split())
    bare = unicodedata.normalize("NFKD", joined)
    letters = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return " ".join(unicodedata.normalize("NFKC", letters.casefold()).split())
