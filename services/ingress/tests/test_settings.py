"""What the ingress is told, and what of it is the gateway's alone."""

import pytest

from koinonia.ingress.settings import Settings


def test_the_connections_of_the_gateway_are_not_counted_as_one_client_s(
    settings_env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Carriers come through the gateway, so all their connections have its address."""
    for name, value in {
        "DATABASE_URL": "postgresql://a:b@127.0.0.1/c",
        "REDIS_URL": "redis://127.0.0.1",
        "RABBITMQ_URL": "amqp://a:b@127.0.0.1",
        "CONNECTIONS_PER_ADDRESS": "2",
    }.items():
        monkeypatch.setenv(f"KOINONIA_{name}", value)
    assert Settings.load().connection_limit is None
