"""What an operator may write, and what is told to who writes something else."""

import pytest

from koinonia.common.settings import BadSettings
from koinonia.gateway.settings import Settings


@pytest.fixture(autouse=True)
def _complete(settings_env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOINONIA_REDIS_URL", "redis://127.0.0.1/0")
    monkeypatch.setenv("KOINONIA_RABBITMQ_URL", "amqp://127.0.0.1/")


def test_the_defaults_are_those_of_one_machine() -> None:
    settings = Settings.load()
    assert settings.port == 8080
    assert settings.service_urls["ingress"] == "http://127.0.0.1:8006"
    assert settings.limit_sign_in.amount == 5
    assert settings.origins == {"http://127.0.0.1:8080"}


def test_limits_origins_and_proxies_are_read_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KOINONIA_LIMIT_SIGN_IN", "1000/minute")
    monkeypatch.setenv("KOINONIA_ALLOWED_ORIGINS", "https://a.example, https://B.example/")
    monkeypatch.setenv("KOINONIA_TRUSTED_PROXIES", "10.0.0.0/8")
    settings = Settings.load()
    assert (settings.limit_sign_in.amount, settings.limit_sign_in.get_expiry()) == (1000, 60)
    assert settings.allowed_origins == ("https://a.example", "https://b.example")
    assert settings.trusted_proxies.client("10.1.1.1", "198.51.100.1") == "198.51.100.1"


def test_behind_https_an_operator_says_who_is_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOINONIA_PUBLIC_URL", "https://texts.example.org")
    with pytest.raises(BadSettings, match="KOINONIA_TRUSTED_PROXIES is not valid") as refused:
        Settings.load()
    assert "1 behind one reverse proxy" in str(refused.value)


@pytest.mark.parametrize(("written", "client"), [("0", "10.1.1.1"), ("1", "198.51.100.1")])
def test_behind_https_any_explicit_answer_is_good(
    monkeypatch: pytest.MonkeyPatch, written: str, client: str
) -> None:
    monkeypatch.setenv("KOINONIA_PUBLIC_URL", "https://texts.example.org")
    monkeypatch.setenv("KOINONIA_TRUSTED_PROXIES", written)
    assert Settings.load().trusted_proxies.client("10.1.1.1", "198.51.100.1") == client


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CSRF_KEY", "c2hvcnQ="),
        ("CSRF_KEY", "not base64"),
        ("LIMIT_ADMIN", "often"),
        ("LIMIT_ADMIN", "0/minute"),
        ("ALLOWED_ORIGINS", "app.example.org"),
        ("TRUSTED_PROXIES", "loadbalancer"),
        ("MESSAGING_URL", "messaging:8002"),
    ],
)
def test_a_value_that_makes_no_sense_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"KOINONIA_{name}", value)
    with pytest.raises(BadSettings, match=f"KOINONIA_{name} is not valid") as refused:
        Settings.load()
    assert name != "CSRF_KEY" or value not in str(refused.value)


def test_there_is_no_gateway_without_a_csrf_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KOINONIA_CSRF_KEY")
    with pytest.raises(BadSettings, match="KOINONIA_CSRF_KEY is required"):
        Settings.load()


def test_cookies_of_a_frontend_on_another_site_take_https(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOINONIA_CROSS_SITE_COOKIES", "true")
    with pytest.raises(BadSettings, match="KOINONIA_CROSS_SITE_COOKIES is not valid") as refused:
        Settings.load()
    assert "must begin with https://" in str(refused.value)
    monkeypatch.setenv("KOINONIA_PUBLIC_URL", "https://texts.example.org")
    monkeypatch.setenv("KOINONIA_TRUSTED_PROXIES", "0")
    assert Settings.load().same_site("lax") == "none"
