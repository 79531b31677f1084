"""Whether a call is Twilio's own: an HMAC over the address it called and what it posted.

Signed is the full public URL, followed for a form by each name and value in the order of names;
any other body is covered by its SHA-256 in the query. There is no time in it: a replay is stopped
by deduplicating. Source: Twilio "Webhooks security", ``request_validator.py`` of twilio 9.13.
"""

import base64
import hmac
import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

from koinonia.carriers import reading
from koinonia.carriers.contract import BadSignature, Malformed

SIGNATURE = "x-twilio-signature"
SETTINGS = "x-twilio-webhooks-signature-settings"  # key=…,algorithm=HMAC_SHA256
ALGORITHMS = {"": "sha1", "HMAC_SHA1": "sha1", "HMAC_SHA256": "sha256"}
FORM = "application/x-www-form-urlencoded"
ADDRESS = re.compile(r"(https?)://(.*?)(:\d+)?((?:[/?#].*)?)", re.DOTALL)
PORTS = {"https": ":443", "http": ":80"}


def verify(tokens: Sequence[str], raw: bytes, headers: Mapping[str, str], url: str) -> None:
    """Raise ``BadSignature`` unless one of ``tokens`` signed a call of ``url`` with this body."""
    algorithm = ALGORITHMS.get(_algorithm(reading.header(headers, SETTINGS)))
    signature = reading.header(headers, SIGNATURE).encode("utf-8", "replace")
    if algorithm is None or not signature:
        raise BadSignature
    posted = _posted(raw, reading.header(headers, "content-type"), url)
    for address in _addresses(url):
        for token in tokens:
            if hmac.compare_digest(signature, sign(token, address.encode() + posted, algorithm)):
                return
    raise BadSignature


def sign(token: str, signed: bytes, algorithm: str = "sha1") -> bytes:
    return base64.b64encode(hmac.digest(token.encode(), signed, algorithm))


def posted_form(pairs: Sequence[tuple[str, str]]) -> bytes:
    """What a form adds to the address: names in order, each value of a repeated one once."""
    unique = sorted(set(pairs))
    return "".join(name + value for name, value in unique).encode("utf-8", "surrogateescape")


def _posted(raw: bytes, content_type: str, url: str) -> bytes:
    if content_type.partition(";")[0].strip().lower() == FORM:
        try:
            return posted_form(reading.pairs(raw, "surrogateescape"))
        except Malformed:
            raise BadSignature from None
    expected = parse_qs(urlsplit(url).query).get("bodySHA256", [""])[0].lower()
    if raw and not hmac.compare_digest(expected.encode(), sha256(raw).hexdigest().encode()):
        raise BadSignature
    return b""


def _algorithm(settings: str) -> str:
    for part in settings.split(","):
        name, _, value = part.partition("=")
        if name.strip() == "algorithm":
            return value.strip().upper()
    return ""


def _addresses(url: str) -> Iterator[str]:
    """The URLs that may have been signed: a proxy hides the scheme, and a port may be left out."""
    yield url
    match = ADDRESS.fullmatch(url)
    if match is None:
        return
    _, host, port, rest = match.groups()
    for scheme, usual in PORTS.items():
        for each in dict.fromkeys((port or "", "", usual)):
            yield f"{scheme}://{host}{each}{rest}"
