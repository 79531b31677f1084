"""A read, from the question whether its answer is kept to the answer.

What a client has (``If-None-Match``) is compared here, and the service is asked whether what we
have still holds: so what it says is worth keeping, and 304 costs it nothing either.

An answer that is the same for all of one role in a church has one tag at its service. Each admin
is given a tag of their own made of it (``docs/decisions/0029``).
"""

from dataclasses import dataclass
from time import monotonic

from starlette.types import Send

from koinonia.common import telemetry
from koinonia.common.web.keeping import entity_tags
from koinonia.common.web.keeping.kept_answers import Keeping, KeptFor
from koinonia.gateway.calls import Call
from koinonia.gateway.kept_answers import Entry, Headers, KeptAnswers, Question
from koinonia.gateway.routes import Kind
from koinonia.gateway.sessions import Session
from koinonia.gateway.throttle import UNCOUNTED, Verdict

# Of a 304 (RFC 9110, 15.4.5).
OF_NOT_MODIFIED = (b"cache-control", b"vary")
NOT_MODIFIED = 304
TAG = b"etag"

_reads = telemetry.counter("koinonia_kept_answers_total")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered. ``headers`` are those that the client may see; ``is_private`` what
    sets a cookie or must not be stored, whatever else is said of it."""

    status: int
    headers: Headers
    body: bytes
    keeping: Keeping | None
    is_private: bool


@dataclass(slots=True)
class Read:
    """One request that may be answered by what is kept, or whose answer may be."""

    call: Call
    session: Session | None
    answers: KeptAnswers
    question: Question | None  # None: of this path no service said that its answers may be kept
    entry: Entry | None
    verdict: Verdict = UNCOUNTED

    @classmethod
    def begin(cls, call: Call, kind: Kind, session: Session | None, answers: KeptAnswers) -> "Read":
        question = answers.question(call, kind, session)
        return cls(call, session, answers, question, answers.find(question) if question else None)

    @property
    def token_keys(self) -> tuple[str, ...]:
        """What Redis must be asked before the service is."""
        return self.question.token_keys if self.question else ()

    @property
    def if_none_match(self) -> bytes | None:
        """What the service is asked."""
        if self.question is None:
            return self.call.headers.get(b"if-none-match")
        return self.entry.tag if self.entry else None

    async def answer(self, verdict: Verdict, route: str, send: Send) -> int | None:
        """Give what is kept, if it is good; returns the status, None if there is nothing."""
        self.verdict = verdict
        if self.question is None:
            return None
        entry = self.entry
        is_good = entry is not None and entry.is_good(verdict)
        _reads.add(1, {"route": route, "result": "hit" if is_good else "miss"})
        if entry is None or not is_good:
            return None
        return await self._give(entry, self.question.keeping.whose, send)

    async def pass_back(self, answer: Answer, send: Send) -> int:
        """Give what the service answered, and keep it if it says so; returns the status that the
        client sees."""
        status, keeping = answer.status, answer.keeping
        tag = next((value for name, value in answer.headers if name == TAG), b"")
        headers = [each for each in answer.headers if each[0] != TAG]
        given = Entry(answer.body, headers, tag, self.verdict)
        if status == NOT_MODIFIED and self.question is not None and self.entry is not None:
            # The very one whose tag we sent, whatever became of it meanwhile.
            given.body, given.headers = self.entry.body, self.entry.headers
            status = 200
        if self.question and keeping and status == 200 and self._may_be_kept(answer):
            given.until = monotonic() + keeping.seconds
            self.answers.keep(self.question.key, given)
        if status in (200, NOT_MODIFIED):
            self.answers.learn(self.call.path, keeping)
        whose = keeping.whose if keeping else KeptFor.ADMIN
        return await self._give(given, whose, send, status)

    def _may_be_kept(self, answer: Answer) -> bool:
        """Only what was asked for as it says that it is kept; a HEAD has no body."""
        return (
            self.question is not None
            and self.question.keeping == answer.keeping
            and self.call.method == "GET"
            and self.verdict.tokens is not None
            and not answer.is_private
        )

    async def _give(self, entry: Entry, whose: KeptFor, send: Send, status: int = 200) -> int:
        tag, headers, body = self._own_tag(entry.tag, whose), entry.headers, entry.body
        asked = self.call.headers.get(b"if-none-match")
        if asked and tag and status == 200 and entity_tags.matches(asked.decode("latin-1"), tag):
            status, body = NOT_MODIFIED, b""
            headers = [each for each in headers if each[0] in OF_NOT_MODIFIED]
        if tag:
            headers = [*headers, (TAG, tag.encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        return status

    def _own_tag(self, tag: bytes, whose: KeptFor) -> str:
        if not tag or whose is KeptFor.ADMIN or self.session is None:
            return tag.decode("latin-1")
        return entity_tags.weak(tag, self.session.identity.admin_id.bytes)
