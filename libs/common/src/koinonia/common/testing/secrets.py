"""Secrets for the demo and for tests, all derived from one seed. Production has its own."""

import base64
import functools
import hashlib
import hmac
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from koinonia.common import packages
from koinonia.common.event_texts import EventTexts

SEED = "koinonia tests"
"""What tests use. A demo passes its own and keeps it, or it could not read its data again."""

NOWHERE = "http://127.0.0.1:9"  # the discard port: refused at once
DEMO_SETTINGS = "koinonia.demo_settings"  # a group of entry points


def demo_environment(seed: str = SEED) -> dict[str, str]:
    """Every setting that a service refuses to start without, other than the servers' URLs.

    What a service has with others, such as carriers, its package declares under
    :data:`DEMO_SETTINGS`: a function of the seed. The same seed gives the same values.
    """
    return dict(_environment(seed))


@functools.cache  # what packages declare is read from files of all that is installed
def _environment(seed: str) -> dict[str, str]:
    environment = {
        "KOINONIA_PHONE_KEYS": f"k1:{_base64(seed, 'phone key')}",
        "KOINONIA_PHONE_INDEX_KEY": _base64(seed, "phone index key"),
        "KOINONIA_EVENT_KEYS": f"k1:{_base64(seed, 'event key')}",
        "KOINONIA_SIGNING_KEY_RING": f"k1:{_base64(seed, 'signing key ring')}",
        "KOINONIA_CSRF_KEY": _base64(seed, "csrf key"),
        "KOINONIA_MEDIA_KEYS": f"k1:{_base64(seed, 'media key')}",
        "KOINONIA_SIMULATOR_SIGNING_SEED": _base64(seed, "carrier"),
    }
    for point in packages.declared(DEMO_SETTINGS):
        environment |= point.load()(seed)
    return environment


def event_texts(seed: str = SEED) -> EventTexts:
    """What seals what people write in events."""
    return EventTexts.parse(demo_environment(seed)["KOINONIA_EVENT_KEYS"])


def carrier_key(seed: str = SEED) -> Ed25519PrivateKey:
    """What a simulated carrier signs its webhooks with."""
    return Ed25519PrivateKey.from_private_bytes(_bytes(seed, "carrier"))


def carrier_public_key(seed: str = SEED) -> str:
    """Its public half as the carrier shows it: base64 of the 32 raw bytes."""
    return base64.b64encode(carrier_key(seed).public_key().public_bytes_raw()).decode()


def role_password(admin_url: str) -> str:
    """The password of the services' roles on the server of ``admin_url``.

    Roles belong to a whole server, which several test runs and a demo may share at once. Derived
    from the administrator's own password, it is the same for all of them and secret where that is.
    """
    password = urlsplit(admin_url).password or ""
    return hmac.new(password.encode(), b"koinonia roles", hashlib.sha256).hexdigest()[:32]


def derived_hex(seed: str, name: str) -> str:
    """32 hexadecimal digits that follow from the seed and the name."""
    return _bytes(seed, name).hex()[:32]


def _bytes(seed: str, name: str) -> bytes:
    return hmac.new(seed.encode(), name.encode(), hashlib.sha256).digest()


def _base64(seed: str, name: str) -> str:
    return base64.b64encode(_bytes(seed, name)).decode()
