"""A mailbox for development: mails are shown on a page, and reach nobody.

It is served by ``koinonia.devkit.mailbox``; ``make demo`` says where.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from koinonia.common.settings import Settings, WebAddress
from koinonia.mail.contract import Mail
from koinonia.mail.failures import Failure, MailFailure

TIMEOUT = httpx.Timeout(5.0, connect=2.0)


class MailboxSettings(Settings):
    """Where the mailbox is."""

    mailbox_url: WebAddress | None = None  # shows mail on a page and delivers none


class Mailbox:
    """A :class:`~koinonia.mail.contract.Mailer`."""

    name = "mailbox"

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: MailboxSettings) -> AsyncIterator["Mailbox"]:
        if settings.mailbox_url is None:
            raise ValueError("Set KOINONIA_MAILBOX_URL, or choose another provider of mail.")
        async with httpx.AsyncClient(base_url=settings.mailbox_url, timeout=TIMEOUT) as client:
            yield cls(client)

    async def send(self, mail: Mail) -> str | None:
        try:
            response = await self._client.put(f"/mails/{mail.mail_id}", json=_shown(mail))
        except httpx.ConnectError as error:
            raise MailFailure(Failure.NOT_CONNECTED) from error
        except httpx.HTTPError as error:
            raise MailFailure(Failure.NO_ANSWER) from error
        if not response.is_success:
            raise MailFailure(Failure.PROVIDER_TROUBLE, code=str(response.status_code))
        return str(mail.mail_id)


def _shown(mail: Mail) -> dict[str, object]:
    return {
        "kind": mail.kind,
        "from": mail.sender.address,
        "to": mail.to.address,
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
    }
