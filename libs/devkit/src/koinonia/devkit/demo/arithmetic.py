"""Every sum of the demo, done again from what the phones received."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from koinonia.devkit.carrier.state import segments
from koinonia.devkit.demo.answers import Json
from koinonia.devkit.demo.network import Tally

STATUSES = ("pending", "sending", "sent", "delivered", "failed", "unconfirmed", "skipped")


@dataclass
class Sums:
    """Claims about the run; those that do not hold are shown and make the demo fail."""

    claims: list[tuple[str, bool]] = field(default_factory=list)

    def claim(self, sentence: str, found: object, expected: object) -> None:
        """Note that ``found`` should equal ``expected``."""
        holds = found == expected
        told = sentence if holds else f"{sentence}: found {found}, expected {expected}"
        self.claims.append((told, holds))

    @property
    def hold(self) -> bool:
        return all(holds for _, holds in self.claims)


@dataclass(frozen=True)
class Sending:
    """One broadcast: each look at it, who was meant, what the phones saw of it, and
    what its preview showed."""

    looks: Sequence[Json]
    meant: frozenset[str]
    tally: Tally
    preview: Json

    @property
    def message(self) -> Json:
        """As it ended."""
        return self.looks[-1]


def check_import(sums: Sums, result: Json, rows: int, unusable: int) -> None:
    outcomes = [result[name] for name in ("created", "updated", "skipped", "failed")]
    sums.claim(f"the import accounts for each of its {rows} rows", sum(outcomes), rows)
    sums.claim("each row has an outcome", len(result["rows"]), rows)
    sums.claim(f"the {unusable} bad rows were refused", result["failed"], unusable)


def check_preview(
    sums: Sums, name: str, preview: Json, reachable: set[str], left_out: dict[str, int]
) -> None:
    excluded = {reason: count for reason, count in preview["excluded"].items() if count}
    accounted = preview["phones"] + sum(excluded.values())
    sums.claim(f"{name} accounts for all {preview['people']} people", accounted, preview["people"])
    sums.claim(f"{name} counts the phones that can be texted", preview["phones"], len(reachable))
    textless = excluded.pop("landline", 0) + excluded.pop("invalid", 0)
    excluded |= {"landline or invalid": textless} if textless else {}
    sums.claim(f"{name} leaves out whom it must, for the right reason", excluded, left_out)


def check_sending(sums: Sums, name: str, sending: Sending) -> None:
    counts, total = sending.message["counts"], sending.message["totalRecipients"]
    astray = [look["counts"] for look in sending.looks if sum(look["counts"].values()) != total]
    sums.claim(f"{name}: its counts added up at each of {len(sending.looks)} looks", astray, [])
    sums.claim(f"{name}: nothing is open", sending.message["status"], "completed")
    sums.claim(f"{name}: everybody meant, and nobody else", total, len(sending.meant))
    odd = {each for each in sending.meant if sending.tally.taken[each] != 1}
    odd |= sending.tally.taken.keys() - sending.meant
    sums.claim(f"{name}: the carrier took exactly one text for each phone", odd, set())
    arrived = counts["delivered"] + counts["unconfirmed"]
    shown = sending.tally.received.total()
    sums.claim(f"{name}: it is on {shown} screens, as the counts say", shown, arrived)


def check_texts(sums: Sums, name: str, sending: Sending, texts: Sequence[Json]) -> None:
    """What the preview showed was sent and charged, counted once more as the carrier counts."""
    preview, message = sending.preview, sending.message
    shown = (preview["phones"], preview["parts"], preview["excluded"])
    sent = (message["totalRecipients"], message["parts"]["estimated"], message["excluded"])
    sums.claim(f"{name}: phones, parts and who is left out are those of its preview", sent, shown)
    parts = [segments.parts(text["content"]) for text in texts]
    failed = sum(
        count
        for text, count in zip(texts, parts, strict=True)
        if text["status"] in ("failed", "skipped")
    )
    by_count = Counter(map(str, parts))
    sums.claim(f"{name}: its {sum(parts)} parts are right", by_count, preview["partsByCount"])
    charged = message["parts"]["billed"]
    sums.claim(f"{name}: charged but for {failed} that failed", charged, preview["parts"] - failed)


def check_bill(sums: Sums, before: Json, after: Json, parts: int) -> None:
    used = after["used"] - before["used"]
    sums.claim("the plan was charged the parts that were sent", used, parts)
    sums.claim("nothing stays reserved", after["reserved"], 0)


def check_dashboard(
    sums: Sums, before: Json, after: Json, sendings: Sequence[Sending], replies: int
) -> None:
    sent = after["messages"] - before["messages"]
    sums.claim(f"the dashboard counts the {len(sendings)} messages", sent, len(sendings))
    answered = after["replies"] - before["replies"]
    sums.claim(f"the dashboard counts the {replies} answers", answered, replies)
    for status in STATUSES:
        sent = sum(sending.message["counts"][status] for sending in sendings)
        shown = after["recipientsByStatus"][status] - before["recipientsByStatus"][status]
        if sent or shown:
            sums.claim(f"the dashboard agrees on {status}", shown, sent)
