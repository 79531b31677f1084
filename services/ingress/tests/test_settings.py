"""The door of the ingress is that of the gateway."""

import pytest

from koinonia.common.settings import BadSettings
from koinonia.ingress.settings import Settings


@pytest.fixture(autouse=True)
def environment(settings_env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "DATABASE_URL": "postgresql://a:b@127.0.0.1/c",
        "REDIS_URL": "redis://127.0.0.1",
        "RABBITMQ_URL": "amqp://a:b@127.0.0.1",
    }.items():
        monkeypatch.setenv(f"KOINONIA_{name}", value)


@pytest.mark.parametrize(
    ("proxies", "given", "limit"),
    [("", "", 100), ("", "2", 2), ("", "0", None), ("1", "", None), ("10.0.0.0/8", "7", 7)],
)
def test_an_address_may_open_as_many_connections_as_at_the_gateway(
    monkeypatch: pytest.MonkeyPatch, proxies: str, given: str, limit: int | None
) -> None:
    monkeypatch.setenv("KOINONIA_TRUSTED_PROXIES", proxies)
    monkeypatch.setenv("KOINONIA_CONNECTIONS_PER_ADDRESS", given)
    assert Settings.load().connection_limit == limit


@pytest.mark.parametrize("name", ["PUBLIC_URL", "WEBHOOKS_URL"])
def test_behind_https_an_operator_says_who_is_trusted(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(f"KOINONIA_{name}", "https://hooks.example.org")
    with pytest.raises(BadSettings, match="KOINONIA_TRUSTED_PROXIES is not valid"):
        Settings.load()


@pytest.mark.parametrize("given", ["", "https://hooks.example.org/"])
def test_carriers_are_given_the_address_of_the_ingress_where_it_has_one(
    monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("KOINONIA_TRUSTED_PROXIES", "1")
    monkeypatch.setenv("KOINONIA_PUBLIC_URL", "https://texts.example.org")
    monkeypatch.setenv("KOINONIA_WEBHOOKS_URL", given)
    settings = Settings.load()
    of_gateway, own = "https://texts.example.org", "https://hooks.example.org"
    assert settings.webhooks_origins == ((own, of_gateway) if given else (of_gateway,))
    assert settings.webhooks_origin == settings.webhooks_origins[0]
