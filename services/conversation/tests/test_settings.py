"""What an operator has to give the shared inbox, and what is told to who gives something else."""

import pytest

from koinonia.common.settings import BadSettings
from koinonia.conversation.media import startup
from koinonia.conversation.settings import Settings
from koinonia.media.store import BucketStore, FolderStore


@pytest.fixture(autouse=True)
def _complete(settings_env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, url in {
        "REDIS_URL": "redis://127.0.0.1/0",
        "RABBITMQ_URL": "amqp://127.0.0.1/",
        "DATABASE_URL": "postgresql://127.0.0.1/",
    }.items():
        monkeypatch.setenv(f"KOINONIA_{name}", url)


def test_a_missing_key_of_links_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KOINONIA_MEDIA_KEYS")
    with pytest.raises(BadSettings, match="KOINONIA_MEDIA_KEYS is required"):
        Settings.load()


@pytest.mark.parametrize("keys", ["k1:short", "only-a-secret", "k1:", ","])
def test_a_key_of_links_that_is_none_is_named_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, keys: str
) -> None:
    monkeypatch.setenv("KOINONIA_MEDIA_KEYS", keys)
    with pytest.raises(BadSettings, match="KOINONIA_MEDIA_KEYS is not valid") as refused:
        Settings.load()
    assert "secret" not in str(refused.value)


def test_files_are_kept_in_a_folder_unless_a_bucket_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert isinstance(startup.store_from_settings(Settings.load()), FolderStore)
    monkeypatch.setenv("KOINONIA_MEDIA_BUCKET", "church-media")
    monkeypatch.setenv("KOINONIA_MEDIA_ENDPOINT", "http://127.0.0.1:9")
    assert isinstance(startup.store_from_settings(Settings.load()), BucketStore)


def test_hosts_that_may_be_private_are_listed_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings.load().media_allowed_hosts == ()
    monkeypatch.setenv("KOINONIA_MEDIA_ALLOWED_HOSTS", "127.0.0.1:8090, gateway:8090")
    assert Settings.load().media_allowed_hosts == ("127.0.0.1:8090", "gateway:8090")
