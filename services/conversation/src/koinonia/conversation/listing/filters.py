"""Filters of a list, and the facets of threads they mean (view ``wanted_facets``)."""

from dataclasses import dataclass
from uuid import UUID

from koinonia.conversation.threads.vocabulary import Status, StopQuestionState

EVERYTHING = "all"
NOBODY = "none"
STOP_QUESTION_OPEN = f"stop_question:{StopQuestionState.OPEN}"

NUMBER_BY_ID = """
    (SELECT 'number:' || phone_number FROM number_routes
      WHERE church_id = :church AND number_id = :number_id)
"""


@dataclass(frozen=True, slots=True)
class Filters:
    """Those that are given hold together. ``number`` is E.164 or an id."""

    status: Status | None = None
    unread: bool = False
    label: UUID | None = None
    group: UUID | None = None
    assignee: UUID | str | None = None
    number: UUID | str | None = None
    stop_question: StopQuestionState | None = None
    unread_for: UUID | None = None  # somebody of the team, who has not read it
    oldest_first: bool = False

    @property
    def key(self) -> str:
        """A key of the cache: the same for the same list."""
        given = (
            self.status,
            self.label,
            self.group,
            self.assignee,
            self.number,
            self.stop_question,
            self.unread_for,
        )
        return ":".join(
            (*(str(each or "") for each in given), f"{self.unread:d}{self.oldest_first:d}")
        )

    @property
    def order(self) -> str:
        """SQL by which rows ``f`` of facets are ordered; an index has both ways."""
        way = "ASC" if self.oldest_first else "DESC"
        return f"f.last_message_at {way}, f.conversation_id {way}"

    @property
    def following(self) -> str:
        """SQL of the rows ``f`` after the place ``:after_at``, ``:after_id``."""
        sign = ">" if self.oldest_first else "<"
        return f"(f.last_message_at, f.conversation_id) {sign} (:after_at, :after_id)"

    @property
    def parameters(self) -> dict[str, object]:
        """Facets by name, the likely most selective first; a number's id is no facet yet."""
        facets: dict[str, object] = {
            name: f"{name}:{value}"
            for name in ("stop_question", "label", "group", "assignee", "number")
            if (value := getattr(self, name)) is not None
        }
        if isinstance(self.number, UUID):
            facets.pop("number")
            return {**facets, "number_id": self.number}
        return facets or {"everything": EVERYTHING}

    @property
    def facets(self) -> list[str]:
        """The facets as SQL."""
        return [
            NUMBER_BY_ID if name == "number_id" else f"CAST(:{name} AS text)"
            for name in self.parameters
        ]

    def narrowed(self, alias: str) -> list[str]:
        """SQL conditions in addition to the facet, on a table with ``status`` and ``is_unread``."""
        return [
            *([f"{alias}.status = :status"] if self.status else []),
            *([f"{alias}.is_unread"] if self.unread else []),
        ]

    def given(self, church_id: UUID) -> dict[str, object]:
        """All parameters of these pieces of SQL."""
        status = {"status": self.status} if self.status else {}
        return {"church": church_id, **self.parameters, **status}
