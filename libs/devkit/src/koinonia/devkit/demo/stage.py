"""The state that the chapters of the demo share."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from koinonia.devkit.demo import people
from koinonia.devkit.demo.answers import Json
from koinonia.devkit.demo.arithmetic import Sending, Sums
from koinonia.devkit.demo.church import Church
from koinonia.devkit.demo.errors import NotAsExpected
from koinonia.devkit.demo.network import Network
from koinonia.devkit.demo.screen import Screen

NO_TEXTS = ("invalid_number", "not_textable")  # failures that tell something of the phone itself


@dataclass
class Stage:
    """The church, the phones, the screen; who did what so far."""

    church: Church
    network: Network
    screen: Screen
    number: str = ""  # the church's
    sums: Sums = field(default_factory=Sums)
    sendings: list[Sending] = field(default_factory=list)
    answering: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    small_parts: int = 0  # of answers and the confirmation
    replies: int = 0
    unread_before: int = 0

    def reachable(self) -> set[str]:
        """Whom a text to everybody reaches, worked out from what is known of each phone."""
        phones = {member["phone"] for member in self.members() if not member["optedOut"]}
        return phones - self.unasked() - self.textless()

    def left_out(self) -> dict[str, int]:
        """How many it does not reach, by reason."""
        members = self.members()
        phones = {member["phone"] for member in members}
        stopped = {member["phone"] for member in members if member["optedOut"]}
        found = {
            "optedOut": len(stopped),
            "noConsent": len(self.unasked()),
            "landline or invalid": len(self.textless() - stopped),
            "duplicate": len(members) - len(phones),
        }
        return {reason: count for reason, count in found.items() if count}

    def members(self) -> list[Json]:
        return list(self.church.everything("/api/members"))

    def unasked(self) -> set[str]:
        return {person.phone for person in people.unasked()}

    def textless(self) -> set[str]:
        """The phones that no text can reach, as their networks said of an earlier one."""
        return {
            text["phone"]
            for message in self.church.everything("/api/messages")
            for text in self.texts(message["id"], status="failed")
            if text["failure"]["code"] in NO_TEXTS
        }

    def texts(self, message_id: str, **which: str) -> list[Json]:
        """Each text of a message and what became of it."""
        return list(self.church.everything(f"/api/messages/{message_id}/recipients", **which))

    def unread(self) -> list[Json]:
        return list(self.church.everything("/api/conversations", unread="true"))

    def unread_count(self) -> int:
        return sum(thread["unreadCount"] for thread in self.unread())

    def bill(self) -> Json:
        """None while the plan of a new church is being set up."""
        with suppress(NotAsExpected):
            return self.church.get("/api/billing/usage")
        return None

    def figures(self) -> tuple[Json, Json]:
        return self.church.get("/api/billing/usage"), self.church.get("/api/analytics/stats")


def name(thread: Json) -> str:
    """Who a conversation is with."""
    member = thread["member"]
    return f"{member['firstName']} {member['lastName']}" if member else "somebody unknown"


def listed(things: Sequence[object]) -> str:
    """'a, b and c'."""
    *most, last = map(str, things)
    return f"{', '.join(most)} and {last}" if most else last
