"""The settings of the carriers: complete and usable, or a sentence."""

import base64

import pytest

from koinonia.carriers import settings
from koinonia.carriers.settings import TelnyxSettings
from koinonia.common.settings import BadSettings

KEY = base64.b64encode(bytes(32)).decode()


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOINONIA_REDIS_URL", "redis://127.0.0.1")
    monkeypatch.setenv("KOINONIA_TELNYX_API_KEY", "KEY0123")
    monkeypatch.setenv("KOINONIA_TELNYX_PUBLIC_KEYS", KEY)
    monkeypatch.delenv("KOINONIA_TELNYX_API_URL", raising=False)


def test_the_address_of_telnyx_needs_no_setting() -> None:
    assert TelnyxSettings.load().telnyx_api_url == "https://api.telnyx.com/v2"


def test_several_public_keys_are_read() -> None:
    assert settings.public_keys(f"{KEY}, {KEY}") == (bytes(32), bytes(32))


@pytest.mark.parametrize("name", ["KOINONIA_TELNYX_API_KEY", "KOINONIA_TELNYX_PUBLIC_KEYS"])
def test_a_missing_secret_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delenv(name)
    with pytest.raises(BadSettings, match=name):
        TelnyxSettings.load()


@pytest.mark.parametrize("value", ["", ",", "abc", base64.b64encode(bytes(31)).decode()])
def test_a_public_key_of_another_kind_is_refused(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("KOINONIA_TELNYX_PUBLIC_KEYS", value)
    with pytest.raises(BadSettings, match="KOINONIA_TELNYX_PUBLIC_KEYS"):
        TelnyxSettings.load()
