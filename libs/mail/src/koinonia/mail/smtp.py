"""Any mail server, by SMTP: TLS from the start (``smtps://``) or by STARTTLS (``smtp://``).

A bounce comes back to the sender as a mail, which nobody here reads: of an address that takes no
mail we learn only when the server says so at once.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import unquote, urlsplit

import aiosmtplib
from pydantic import SecretStr, field_validator

from koinonia.common.settings import Settings
from koinonia.mail.contract import Address, Mail
from koinonia.mail.failures import Failure, MailFailure

TIMEOUT_SECONDS = 10.0
PORTS = {"smtps": 465, "smtp": 587, "smtp+plain": 25}


class SmtpSettings(Settings):
    """The server that mail is sent by."""

    # smtps://user:password@host:465, smtp://… for STARTTLS, smtp+plain://… for a server on this
    # very machine, without TLS. What is special in user and password is percent-encoded.
    smtp_url: SecretStr | None = None

    @field_validator("smtp_url")
    @classmethod
    def _usable(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            server(value.get_secret_value())
        return value


@dataclass(frozen=True, slots=True)
class Server:
    host: str
    port: int
    scheme: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)


def server(url: str) -> Server:
    """The server that an address names. Raises ``ValueError``."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("must be smtps://user:password@host:port, or smtp://… for STARTTLS")
    return Server(
        parts.hostname,
        parts.port or PORTS[parts.scheme],
        parts.scheme,
        unquote(parts.username) if parts.username else None,
        unquote(parts.password) if parts.password else None,
    )


class Smtp:
    """A :class:`~koinonia.mail.contract.Mailer`. Each mail has a connection of its own: they are
    few, and a server ends one that idles."""

    name = "smtp"

    def __init__(self, given: Server) -> None:
        self._server = given

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: SmtpSettings) -> AsyncIterator["Smtp"]:
        if settings.smtp_url is None:
            raise ValueError("Set KOINONIA_SMTP_URL, or choose another provider of mail.")
        yield cls(server(settings.smtp_url.get_secret_value()))

    async def send(self, mail: Mail) -> str | None:
        to = self._server
        try:
            await aiosmtplib.send(
                message(mail),
                hostname=to.host,
                port=to.port,
                username=to.user,
                password=to.password,
                use_tls=to.scheme == "smtps",
                start_tls=to.scheme == "smtp",
                timeout=TIMEOUT_SECONDS,
            )
        except aiosmtplib.SMTPException as error:
            raise _failure(error) from error
        except (OSError, TimeoutError) as error:
            raise MailFailure(Failure.NO_ANSWER) from error
        return mail.message_id


def message(mail: Mail) -> EmailMessage:
    """The mail as RFC 5322 has it: text first, HTML as the richer alternative."""
    written = EmailMessage(policy=SMTP)
    written["From"] = _person(mail.sender)
    written["To"] = _person(mail.to)
    written["Subject"] = mail.subject
    written["Message-ID"] = mail.message_id
    for name, value in mail.headers.items():
        written[name] = value
    written.set_content(mail.text)
    written.add_alternative(mail.html, subtype="html")
    return written


def _person(person: Address) -> HeaderAddress:
    return HeaderAddress(person.name or "", addr_spec=person.address)


def _failure(error: aiosmtplib.SMTPException) -> MailFailure:
    if isinstance(error, aiosmtplib.SMTPConnectError | aiosmtplib.SMTPConnectTimeoutError):
        return MailFailure(Failure.NOT_CONNECTED)
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return MailFailure(Failure.ACCOUNT, code=str(error.code))
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        refused = error.recipients[0].code if error.recipients else 550
        return _by_code(refused, Failure.BAD_ADDRESS)
    if isinstance(error, aiosmtplib.SMTPSenderRefused):
        return _by_code(error.code, Failure.ACCOUNT)
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return _by_code(error.code, Failure.REFUSED)
    return MailFailure(Failure.NO_ANSWER)


def _by_code(code: int, lasting: Failure) -> MailFailure:
    """4xx passes, 5xx lasts (RFC 5321, 4.2.1)."""
    passes = 400 <= code < 500
    return MailFailure(Failure.PROVIDER_TROUBLE if passes else lasting, code=str(code))
