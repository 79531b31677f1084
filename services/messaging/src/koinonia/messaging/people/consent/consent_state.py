"""Whether a phone may be texted, as it follows from the ledger. Pure.

The newest entry counts, by the time when it was said and not when it reached us; of two at the same
instant a no counts. What a person said by text only that phone can take back; what staff recorded
for a person, that person or staff can. Entering a phone again takes nothing back. A text that may
ask to stop decides nothing: staff or time do. An entry that is annulled is as if never made: the
grants of an import that was undone are no stops.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from koinonia.messaging.people.consent.entries import ConsentKind, Entry


@dataclass(frozen=True, slots=True)
class State:
    """Of one phone, once anything is known of it."""

    is_revoked: bool
    is_own: bool  # the phone itself said so
    is_blocked: bool  # the carrier refuses texts, too, until it hears its own START
    since: datetime


def replay(entries: Iterable[Entry]) -> State | None:
    """The state after ``entries``, in whatever order they are given; None where all of them were
    annulled."""
    state: State | None = None
    known = list(entries)
    annulled = {each.event_id for each in known if each.kind is ConsentKind.ANNULLED}
    about = (each for each in known if each.scope is None and each.kind.decides)
    for entry in sorted((each for each in about if each.id not in annulled), key=_order):
        state = _after(state, entry)
    return state


def is_stopped(entries: Iterable[Entry], group_id: UUID) -> bool:
    """Whether the phone's last word about one ministry is no."""
    about = sorted((each for each in entries if each.scope == group_id), key=_order)
    return bool(about) and about[-1].kind is ConsentKind.REVOKED


def _order(entry: Entry) -> tuple[datetime, bool, bool]:
    return entry.at, entry.kind is ConsentKind.REVOKED, entry.is_lift


def _after(state: State | None, entry: Entry) -> State:
    own = entry.method.is_own
    revokes = entry.kind is ConsentKind.REVOKED
    blocked = revokes and entry.by_carrier
    if state is None:
        return State(revokes, own, blocked, entry.at)
    if state.is_revoked == revokes:
        return replace(state, is_own=state.is_own or own, is_blocked=state.is_blocked or blocked)
    if revokes or own or (entry.is_lift and not state.is_own):
        return State(revokes, own, blocked, entry.at)
    return state
