"""Parts of an MMS that are no file: its words as plain text, and its layout (SMIL)."""

import codecs
import re

MOST_CHARACTERS = 10_000
MOST_BYTES = 256 * 1024

# Those that telephones write; others of Python's are no encodings of texts, or slow.
_CHARSETS = frozenset(
    {
        *("utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252", "utf-16", "utf-16-le"),
        *("utf-16-be", "utf-32", "gb18030", "gbk", "big5", "shift_jis", "euc_kr", "koi8-r"),
    }
)
_CHARSET = re.compile(r"charset\s*=\s*\"?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_SMIL = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!DOCTYPE\s+smil[^>]{0,500}>\s*)?<smil[\s>]",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"\s*<(?:!doctype|html|head|body|script|svg|\?xml|!--)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


def is_layout(content: bytes) -> bool:
    """Whether it is SMIL: how a telephone shows the other parts."""
    return _SMIL.match(content[:4096]) is not None


def words(content: bytes, declared: str | None) -> str | None:
    """The text in a part that is declared as plain text, up to MOST_CHARACTERS and one more; None
    where the content is no text, or markup."""
    kind = (declared or "").partition(";")[0].strip().lower()
    if kind != "text/plain" or len(content) > MOST_BYTES:
        return None
    text = _decoded(content, declared or "")
    if text is None or _MARKUP.match(text):
        return None
    plain = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return plain[: MOST_CHARACTERS + 1]


def _decoded(content: bytes, declared: str) -> str | None:
    for mark, charset in _MARKS.items():
        if content.startswith(mark):
            return _strictly(content, charset)
    named = _CHARSET.search(declared)
    text = _strictly(content, _normal(named[1])) if named else None
    if text is None:
        text = _strictly(content, "utf-8")
    if text is None and b"\0" not in content:
        text = content.decode("cp1252", "replace")
    return None if text is None or _is_binary(text) else text


def _normal(charset: str) -> str:
    try:
        name = codecs.lookup(charset).name
    except LookupError:
        return "utf-8"
    return name if name in _CHARSETS else "utf-8"


def _strictly(content: bytes, charset: str) -> str | None:
    try:
        return content.decode(charset)
    except UnicodeError:
        return None


def _is_binary(text: str) -> bool:
    """More than one in fifty of its characters is a control character."""
    return len(_CONTROL.findall(text)) * 50 > len(text)
