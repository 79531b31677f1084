"""The settings of mail, mixed into those of the service that sends it."""

from email.headerregistry import Address as HeaderAddress
from email.utils import parseaddr
from typing import Literal

from pydantic import field_validator

from koinonia.mail.contract import Address
from koinonia.mail.mailbox import MailboxSettings
from koinonia.mail.sendgrid import SendGridSettings
from koinonia.mail.smtp import SmtpSettings

Provider = Literal["sendgrid", "smtp", "mailbox"]


class MailSettings(SendGridSettings, SmtpSettings, MailboxSettings):
    """Who sends mail, and as whom. Without a provider mail is kept until there is one."""

    mail_provider: Provider | None = None  # sendgrid, smtp, mailbox (for development)
    mail_from: str = "Koinonia <no-reply@koinonia.invalid>"  # name and address of the sender

    @field_validator("mail_from")
    @classmethod
    def _usable_sender(cls, value: str) -> str:
        sender(value)
        return value

    @property
    def mail_sender(self) -> Address:
        return sender(self.mail_from)


def sender(value: str) -> Address:
    """The address in ``Name <address>``. Raises ``ValueError``."""
    name, address = parseaddr(value)
    try:
        HeaderAddress(name, addr_spec=address)
    except Exception as error:  # the parser's own kinds, and IndexError for an empty one
        raise ValueError("must be an address, or Name <address>") from error
    if "@" not in address:
        raise ValueError("must be an address, or Name <address>")
    return Address(address=address, name=name or None)
