import base64
from datetime import UTC, datetime, timedelta

import pytest

from koinonia.common.crypto import BadKey
from koinonia.media.links import LinkExpired, LinkForged, Links, expiry

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = int(NOW.timestamp()) + 60


def key(letter: str) -> str:
    return base64.b64encode(letter.encode() * 32).decode()


LINKS = Links.parse(f"k1:{key('a')}")


def check(links: Links, *subject: str, expires: int = LATER, signature: str) -> None:
    links.verify(*subject, expires=expires, signature=signature, now=NOW)


def test_a_link_is_good_for_what_it_names_until_it_expires() -> None:
    signature = LINKS.sign("church", "file", expires=LATER)
    check(LINKS, "church", "file", signature=signature)
    with pytest.raises(LinkExpired):
        LINKS.verify(
            "church", "file", expires=LATER, signature=signature, now=NOW + timedelta(minutes=1)
        )


@pytest.mark.parametrize(
    "subject", [("church", "other"), ("churchfile", ""), ("church", "file", "")]
)
def test_a_link_is_good_for_nothing_else(subject: tuple[str, ...]) -> None:
    signature = LINKS.sign("church", "file", expires=LATER)
    with pytest.raises(LinkForged):
        check(LINKS, *subject, signature=signature)


@pytest.mark.parametrize("signature", ["", "k1", "k1.", "k2.abc", "k1.é", "." * 90])
def test_a_signature_that_is_none_is_forged(signature: str) -> None:
    with pytest.raises(LinkForged):
        check(LINKS, "church", "file", signature=signature)


def test_a_longer_life_cannot_be_written_into_a_link() -> None:
    signature = LINKS.sign("church", "file", expires=LATER)
    with pytest.raises(LinkForged):
        check(LINKS, "church", "file", expires=LATER + 1, signature=signature)


def test_keys_rotate_while_links_are_out() -> None:
    old = LINKS.sign("church", "file", expires=LATER)
    ring = Links.parse(f"k2:{key('b')},k1:{key('a')}")
    check(ring, "church", "file", signature=old)
    assert ring.sign("church", "file", expires=LATER).startswith("k2.")
    with pytest.raises(LinkForged):
        check(Links.parse(f"k2:{key('b')}"), "church", "file", signature=old)


def test_links_made_within_a_slot_are_the_same_and_live_long_enough() -> None:
    hour, slot = timedelta(hours=1), timedelta(minutes=15)
    times = [NOW + timedelta(minutes=minutes) for minutes in (1, 7, 14)]
    [until] = {expiry(time, hour, slot) for time in times}
    assert hour <= datetime.fromtimestamp(until, UTC) - times[-1] <= hour + slot


def test_a_ring_that_is_none_is_named_and_not_shown() -> None:
    for text in ("", "k1:abc", "secret"):
        with pytest.raises(BadKey) as refused:
            Links.parse(text)
        assert "secret" not in str(refused.value)
