"""How many parts a text has: GSM 03.38 where it fits, UCS-2 otherwise (3GPP TS 23.038, 23.040)."""

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€\f")  # two septets each; a pair is never split between parts


def encoding(text: str) -> str:
    return "GSM-7" if set(text) <= BASIC | EXTENDED else "UCS-2"


def parts(text: str) -> int:
    if encoding(text) == "GSM-7":
        return _filled([2 if char in EXTENDED else 1 for char in text], alone=160, joined=153)
    return _filled([2 if ord(char) > 0xFFFF else 1 for char in text], alone=70, joined=67)


def _filled(sizes: list[int], alone: int, joined: int) -> int:
    if sum(sizes) <= alone:
        return 1
    count, room = 1, joined
    for size in sizes:
        if size > room:
            count, room = count + 1, joined
        room -= size
    return count
