"""Mail to staff: one file for each provider, and templates that make both parts of a mail.

A provider is opened for the life of a process::

    async with mail.opened(settings) as mailer:  # None where none is chosen
        await mailer.send(...)
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from koinonia.mail.contract import Mailer, Reporter
from koinonia.mail.mailbox import Mailbox
from koinonia.mail.sendgrid import NAME as SENDGRID
from koinonia.mail.sendgrid import SendGrid, SendGridReports, SendGridReportSettings
from koinonia.mail.settings import MailSettings
from koinonia.mail.smtp import Smtp


@asynccontextmanager
async def opened(settings: MailSettings) -> AsyncIterator[Mailer | None]:
    """The provider that is chosen. Raises ``ValueError`` where it lacks a setting."""
    match settings.mail_provider:
        case "sendgrid":
            async with SendGrid.open(settings) as sendgrid:
                yield sendgrid
        case "smtp":
            async with Smtp.open(settings) as smtp:
                yield smtp
        case "mailbox":
            async with Mailbox.open(settings) as mailbox:
                yield mailbox
        case None:
            yield None


REPORTERS = (SENDGRID,)
"""The providers that call us back."""


def reporters(settings: SendGridReportSettings) -> Mapping[str, Reporter]:
    """Those of :data:`REPORTERS` whose calls can be verified here, by name."""
    opened = {SENDGRID: SendGridReports.open(settings)}
    return {name: reporter for name, reporter in opened.items() if reporter}
