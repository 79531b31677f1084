"""What every provider of mail can do, and the values that go in and come out.

A mail is handed over through :class:`Mailer`, which answers with the provider's id or raises
:class:`~koinonia.mail.failures.MailFailure`. Of a provider that calls us back there is a
:class:`Reporter` besides: what it calls with goes through ``verify`` and then ``parse``.
Addresses, subjects and texts are left out of every ``repr``: it may be logged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from koinonia.common.errors import Invalid, Unauthorized
from koinonia.common.events.ingress import MailOutcome


class BadSignature(Unauthorized):
    code = "BAD_SIGNATURE"
    message = "The signature of this call is missing, wrong or too old. Sign it and send it again."


class Malformed(Invalid):
    code = "MALFORMED_REPORT"
    message = "The body of this call is no list of events. Send it as the provider documents it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Who a mail is from or for."""

    address: str = field(repr=False)
    name: str | None = field(default=None, repr=False)  # shown in place of the address


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail to one person."""

    mail_id: UUID  # the same at every try; the Message-ID derives from it
    kind: str  # invitation, password_reset, …: by it the provider counts
    sender: Address
    to: Address
    subject: str = field(repr=False)  # one line
    text: str = field(repr=False)
    html: str = field(repr=False)
    unsubscribe_url: str | None = field(default=None, repr=False)  # takes a POST (RFC 8058)

    @property
    def message_id(self) -> str:
        """Of RFC 5322, the same at every try, so that a mailbox may know a second copy."""
        return f"<{self.mail_id}@{self.sender.address.rpartition('@')[2]}>"

    @property
    def headers(self) -> dict[str, str]:
        """Headers beside sender, recipient and subject."""
        # Nobody's vacation answer comes back to a notice.
        headers = {"Auto-Submitted": "auto-generated"}
        if self.unsubscribe_url:
            headers["List-Unsubscribe"] = f"<{self.unsubscribe_url}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return headers


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of one mail."""

    report_id: str  # the same for a redelivered call
    mail_id: UUID
    outcome: MailOutcome
    occurred_at: datetime  # aware, UTC


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of a genuine call that we cannot read."""

    event_type: str
    reason: str


class Mailer(Protocol):
    """Where mail is handed over. Calls never retry."""

    @property
    def name(self) -> str: ...

    async def send(self, mail: Mail) -> str | None:
        """Hand over one mail; the provider's id of it, where it gives one. Raises
        ``MailFailure``."""
        ...


class Reporter(Protocol):
    """A provider that tells by HTTP what became of a mail."""

    def verify(self, raw: bytes, headers: Mapping[str, str], now: float) -> None:
        """Raise ``BadSignature`` unless this call is the provider's own. ``raw`` is the untouched
        body, ``now`` unix seconds."""
        ...

    def parse(self, raw: bytes) -> Sequence[Report | Unread]:
        """Read a verified call; what is of no interest to us, or about mail that is not ours, is
        left out. Raises ``Malformed`` and nothing else."""
        ...
