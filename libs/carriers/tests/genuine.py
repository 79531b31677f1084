"""Whether a carrier takes a call for its own."""

from collections.abc import Mapping

from koinonia.carriers.contract import BadSignature, Carrier


def is_genuine(
    carrier: Carrier, body: bytes, headers: Mapping[str, str], at: float = 0.0, url: str = ""
) -> bool:
    try:
        carrier.verify(body, headers, at, url=url)
    except BadSignature:
        return False
    return True
