"""The settings of the carriers: complete and usable, or a sentence."""

import base64

import pytest

from koinonia.carriers import CARRIERS, configured, open_all
from koinonia.carriers.settings import CarrierSettings
from koinonia.carriers.telnyx.settings import TelnyxSettings, public_keys
from koinonia.common.settings import BadSettings

KEY = base64.b64encode(bytes(32)).decode()


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOINONIA_REDIS_URL", "redis://127.0.0.1")
    monkeypatch.setenv("KOINONIA_TELNYX_API_KEY", "KEY0123")
    monkeypatch.setenv("KOINONIA_TELNYX_PUBLIC_KEYS", KEY)
    for name in ("TELNYX_API_URL", "TWILIO_API_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"):
        monkeypatch.delenv(f"KOINONIA_{name}", raising=False)


def test_the_address_of_telnyx_needs_no_setting() -> None:
    assert TelnyxSettings.load().telnyx_api_url == "https://api.telnyx.com/v2"


def test_several_public_keys_are_read() -> None:
    assert public_keys(f"{KEY}, {KEY}") == (bytes(32), bytes(32))


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


ACCOUNT = {
    "KOINONIA_TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000001",
    "KOINONIA_TWILIO_AUTH_TOKEN": "newer, older",
}


def test_twilio_needs_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ACCOUNT:
        monkeypatch.setenv(name, "")
    loaded = CarrierSettings.load()
    assert loaded.twilio_api_url == "https://api.twilio.com"
    assert configured(loaded) == ("telnyx",)


def test_with_both_settings_twilio_is_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ACCOUNT.items():
        monkeypatch.setenv(name, value)
    loaded = CarrierSettings.load()
    assert configured(loaded) == ("telnyx", "twilio")
    assert loaded.twilio_tokens == ("newer", "older")


@pytest.mark.parametrize("name", ACCOUNT)
def test_one_setting_of_twilio_without_the_other_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, ACCOUNT[name])
    with pytest.raises(BadSettings, match=r"KOINONIA_TWILIO_AUTH_TOKEN .* or neither"):
        CarrierSettings.load()


async def test_only_configured_carriers_are_opened() -> None:
    async with open_all(CarrierSettings.load()) as carriers:
        assert list(carriers) == ["telnyx"]


async def test_a_carrier_without_an_account_cannot_be_opened() -> None:
    with pytest.raises(ValueError, match="KOINONIA_TWILIO_ACCOUNT_SID"):
        async with CARRIERS["twilio"].open(CarrierSettings.load()):
            pass
