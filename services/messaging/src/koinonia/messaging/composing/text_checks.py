"""What carriers and readers mind in a text. Pure functions."""

import re

SHORTENERS = (
    "adf.ly", "bit.do", "bit.ly", "bl.ink", "buff.ly", "cutt.ly", "dlvr.it", "goo.gl", "is.gd",
    "j.mp", "lnkd.in", "ow.ly", "rb.gy", "rebrand.ly", "rebrandly.com", "s.id", "short.io",
    "shorturl.at", "snip.ly", "soo.gd", "t.co", "t.ly", "tiny.cc", "tiny.one", "tinyurl.com",
    "trib.al", "v.gd",
)  # fmt: skip
"""Public ones. Spammers hide behind them, so mobile networks block whoever uses them (Telnyx
40017)."""

_SHORT_LINK = re.compile(
    rf"(?<![\w@.-])(?:www\.)?({'|'.join(map(re.escape, SHORTENERS))})(?![\w-]|\.\w)", re.IGNORECASE
)
_OPT_OUT = re.compile(
    r"\bSTOP\b|\bALTO\b"
    r"|(?i:\b(?:reply|text|send|txt|responda|responde|env[ií]e|env[ií]a)\W+(?:\w+\W+){0,2}stop\b)"
    r"|(?i:\bopt[\s-]?out\b|\bunsubscribe\b|\bdar(?:se)? de baja\b)"
)


def short_links(text: str) -> list[str]:
    """The public link shorteners that ``text`` uses, sorted."""
    return sorted({found.lower() for found in _SHORT_LINK.findall(text)})


def tells_how_to_stop(text: str) -> bool:
    """Whether a reader learns how to get no more texts."""
    return _OPT_OUT.search(text) is not None
