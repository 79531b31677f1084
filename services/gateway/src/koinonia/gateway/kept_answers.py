"""Answers that the gateway gives itself: the finished bytes that a service gave before.

An answer is kept with the token that each of its tags had in Redis *before* its service was asked,
and given again only while Redis says the same tokens, in the round trip that counts the request. A
write invalidates before it is answered, so whoever read its answer is not given what was before it.

Redis may forget and may come back with what it once knew. A tag without a token is given one when
it is asked for, so nothing is ever kept by the absence of a token. And what was kept is given only
over the very connection to Redis by which it was kept (``Verdict.run``): a Redis that restarted or
was away might show a token that a write could not change. Such an answer, and one whose tokens
changed, is still good for asking its service whether it holds.

A service that could not reach Redis when it changed something says so with its answer. Before the
client has that answer the tokens are changed from here (``Cache.hand_on``), and where Redis is away
for us too, nothing that is kept is given until they are. Another gateway that reached Redis all the
while had no part in it: a Redis that was away for two of three processes is not proof against.
"""

from collections import OrderedDict
from dataclasses import dataclass
from time import monotonic

from koinonia.common.cache import Cache
from koinonia.common.web.keeping.kept_answers import Keeping, KeptFor
from koinonia.gateway.calls import Call
from koinonia.gateway.routes import Kind
from koinonia.gateway.sessions import Session
from koinonia.gateway.throttle import Verdict

LARGEST = 256 * 1024  # bytes of one answer; the lists of a full page have some 20 KB compressed
OVERHEAD = 1500  # bytes of an entry beside its body
READS = ("GET", "HEAD")
PATHS = 10_000  # whose answers are known to be kept
# With these a service might answer otherwise than to the address alone.
NOT_KEPT_FOR = (
    *(b"range", b"if-range", b"if-match", b"if-modified-since", b"if-unmodified-since"),
    *(b"content-length", b"transfer-encoding"),
)

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Question:
    """A read whose answer may be kept. ``token_keys`` are keys of Redis."""

    key: tuple[object, ...]
    keeping: Keeping
    token_keys: tuple[str, ...]


@dataclass(slots=True)
class Entry:
    """A kept answer; ``tag`` is the ETag that its service gave it."""

    body: bytes
    headers: Headers
    tag: bytes
    verdict: Verdict  # of before the service was asked
    until: float = 0.0

    @property
    def size(self) -> int:
        return len(self.body) + OVERHEAD

    def is_good(self, verdict: Verdict) -> bool:
        """Whether it still holds by what Redis says now."""
        return (
            self.verdict.tokens == verdict.tokens is not None
            and self.verdict.run == verdict.run
            and monotonic() < self.until
        )


class KeptAnswers:
    """What this process keeps, at most ``room`` bytes: what nobody asked for longest goes first."""

    def __init__(self, room: int, cache: Cache) -> None:
        self._room = room
        self._cache = cache
        self._size = 0
        self._entries: OrderedDict[tuple[object, ...], Entry] = OrderedDict()
        self._learned: OrderedDict[str, Keeping] = OrderedDict()

    def question(self, call: Call, kind: Kind, session: Session | None) -> Question | None:
        """None for what is no read, or of which no service said that it may be kept. What is kept
        for a role is not for a key, which may less."""
        if session is None or kind is not Kind.SESSION or call.method not in READS:
            return None
        if session.identity.key:
            return None
        keeping = self._learned.get(call.path)
        if keeping is None or not call.headers.keys().isdisjoint(NOT_KEPT_FOR):
            return None
        identity = session.identity
        church, admin = str(identity.church_id), str(identity.admin_id)
        key = (
            identity.church_id,
            identity.role,
            identity.admin_id if keeping.whose is KeptFor.ADMIN else None,
            call.raw_target,
            call.headers.get(b"accept-encoding"),
        )
        token_keys = tuple(
            each.replace("{church}", church).replace("{admin}", admin)
            for each in keeping.token_keys
        )
        return Question(key, keeping, token_keys)

    def find(self, question: Question) -> Entry | None:
        """What is kept, good or not; nothing while Redis may show what is not so any more."""
        if self._cache.unsaid:
            return None
        entry = self._entries.get(question.key)
        if entry is not None:
            self._entries.move_to_end(question.key)
        return entry

    def learn(self, path: str, keeping: Keeping | None) -> None:
        """What a service says of the answers of a path; None where they are not kept any more."""
        known = self._learned.get(path)
        if known == keeping:
            return
        if known is not None:  # another release of the service: the tokens are of other tags
            del self._learned[path]
            self._entries.clear()
            self._size = 0
        if keeping is not None:
            self._learned[path] = keeping
            if len(self._learned) > PATHS:
                self._learned.popitem(last=False)

    def keep(self, key: tuple[object, ...], entry: Entry) -> None:
        if old := self._entries.pop(key, None):
            self._size -= old.size
        if entry.size > min(LARGEST, self._room):
            return
        self._entries[key] = entry
        self._size += entry.size
        while self._size > self._room:
            _, last = self._entries.popitem(last=False)
            self._size -= last.size
