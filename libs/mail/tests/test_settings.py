"""Settings of mail: what is missing or wrong is said at the start."""

import pytest
from pydantic import SecretStr, ValidationError

from koinonia import mail
from koinonia.mail.settings import MailSettings, Provider


def settings(provider: Provider | None = None, **given: str) -> MailSettings:
    return MailSettings.model_validate(
        {"redis_url": SecretStr("redis://unused"), "mail_provider": provider, **given}
    )


@pytest.mark.parametrize(
    ("value", "name", "address"),
    [
        ("Grace Texts <hello@grace.example>", "Grace Texts", "hello@grace.example"),
        ("hello@grace.example", None, "hello@grace.example"),
    ],
)
def test_the_sender_has_a_name_or_none(value: str, name: str | None, address: str) -> None:
    sender = settings(mail_from=value).mail_sender
    assert (sender.name, sender.address) == (name, address)


@pytest.mark.parametrize("value", ["", "grace", "Grace <>", "Grace <a b>"])
def test_a_sender_without_an_address_is_refused(value: str) -> None:
    with pytest.raises(ValidationError, match="must be an address"):
        settings(mail_from=value)


@pytest.mark.parametrize("provider", ["sendgrid", "smtp", "mailbox"])
async def test_a_provider_that_lacks_a_setting_says_which(provider: Provider) -> None:
    with pytest.raises(ValueError, match="Set KOINONIA_"):
        async with mail.opened(settings(provider)):
            raise AssertionError("it opened")


async def test_without_a_provider_there_is_none() -> None:
    async with mail.opened(settings()) as mailer:
        assert mailer is None
