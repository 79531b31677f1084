"""What auth mailed in one test."""

import re
from dataclasses import dataclass, field

from koinonia.auth.mailing import sending
from koinonia.auth.recovery import password_reset
from koinonia.auth.running import Running
from koinonia.mail.contract import Mail
from koinonia.mail.failures import MailFailure

LINK = re.compile(r"https://koinonia\.example\.org/([a-z-]+)#(\S+)")


@dataclass
class Mailbox:
    """Takes every mail, or fails as the test says."""

    name: str = "mailbox"
    failures: list[MailFailure] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)

    async def send(self, mail: Mail) -> str | None:
        if self.failures:
            raise self.failures.pop(0)
        self.mails.append(mail)
        return f"taken-{len(self.mails)}"


async def delivered(running: Running) -> list[Mail]:
    """Everything that is to be mailed by now, the latest last; forgotten once it was looked at."""
    box = Mailbox()
    running.mailer = box
    await password_reset.answer_requests(running)
    await sending.send_due(running)
    return box.mails


async def links(running: Running) -> list[tuple[str, str]]:
    """Page and secret of each link that was mailed since."""
    return [
        LINK.findall(mail.text)[0] for mail in await delivered(running) if LINK.search(mail.text)
    ]
