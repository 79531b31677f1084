"""Settings that messaging refuses."""

import pytest

from koinonia.common.settings import BadSettings
from koinonia.messaging.settings import Settings


def test_new_numbers_are_ordered_at_a_carrier_that_there_is(
    settings_env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "RABBITMQ_URL"):
        monkeypatch.setenv(f"KOINONIA_{name}", "x://127.0.0.1")
    assert Settings.load().carrier == "telnyx"
    monkeypatch.setenv("KOINONIA_CARRIER", "pigeon")
    with pytest.raises(BadSettings, match=r"KOINONIA_CARRIER .*must be one of telnyx, twilio"):
        Settings.load()
