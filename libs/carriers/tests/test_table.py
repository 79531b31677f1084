"""The table of carriers: one row for each name, with settings that a service has."""

from dataclasses import replace

import pytest

from koinonia.carriers import CARRIERS, table
from koinonia.carriers.table import Table
from koinonia.carriers.telnyx import TELNYX
from koinonia.common.settings import Settings


def test_addresses_follow_from_the_row() -> None:
    assert CARRIERS["telnyx"].reports_path == "/api/webhooks/telnyx/status"
    assert CARRIERS["twilio"].texts_path == "/api/webhooks/twilio/inbound"


def test_a_carrier_of_another_distribution_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    class Point:
        def load(self) -> object:
            return replace(TELNYX, name="acme")

    monkeypatch.setattr(table.packages, "declared", {table.GROUP: [Point()]}.get)
    assert list(Table(TELNYX)) == ["telnyx", "acme"]


def test_a_second_carrier_of_one_name_is_refused() -> None:
    with pytest.raises(ValueError, match="two carriers called telnyx"):
        len(Table(TELNYX, TELNYX))


def test_settings_that_lack_the_carriers_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOINONIA_REDIS_URL", "redis://127.0.0.1")
    with pytest.raises(TypeError, match="Settings lacks the settings of telnyx"):
        TELNYX.is_configured(Settings.load())
