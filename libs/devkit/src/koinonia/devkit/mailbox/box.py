"""The mails that were handed over, the latest few hundred of them."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMail:
    mail_id: str
    kind: str
    sender: str
    to: str
    subject: str
    text: str
    html: str
    received_at: datetime

    def shown(self) -> dict[str, str]:
        """As JSON."""
        return {
            "id": self.mail_id,
            "kind": self.kind,
            "from": self.sender,
            "to": self.to,
            "subject": self.subject,
            "text": self.text,
            "html": self.html,
            "receivedAt": self.received_at.isoformat(),
        }


class Box:
    """Mails by id: one that is handed over again replaces itself."""

    def __init__(self) -> None:
        self._mails: OrderedDict[str, ShownMail] = OrderedDict()

    def keep(
        self, mail_id: str, *, kind: str, sender: str, to: str, subject: str, text: str, html: str
    ) -> None:
        self._mails[mail_id] = ShownMail(
            mail_id=mail_id,
            kind=kind,
            sender=sender,
            to=to,
            subject=subject,
            text=text,
            html=html,
            received_at=datetime.now(UTC),
        )
        while len(self._mails) > MOST:
            self._mails.popitem(last=False)

    def latest(self, to: str | None = None) -> Sequence[ShownMail]:
        """The latest first; with ``to`` those of one address."""
        return [mail for mail in reversed(self._mails.values()) if to in (None, mail.to)]

    def get(self, mail_id: str) -> ShownMail | None:
        return self._mails.get(mail_id)

    def clear(self) -> None:
        self._mails.clear()
