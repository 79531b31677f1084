"""What every service says of an action that the audit trail keeps."""

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from koinonia.common.events.base import ChurchEvent

Detail = str | int | bool | list[str] | None


class Actor(StrEnum):
    """Who may act for a church."""

    PERSON = "person"  # of the team
    KEY = "key"
    OPERATOR = "operator"  # of this installation, by the command line
    ASSISTANT = "assistant"


class ActionTaken(ChurchEvent):
    """The base of these events, one for each service, so that each publishes its own.

    ``action`` is what was done (``member.removed``), ``thing_id`` on what, ``address`` the network
    that the request came from. ``details`` hold figures and names of fields, never a phone, a text
    or a secret.
    """

    action: str
    actor: Actor = Actor.PERSON
    actor_id: UUID | None = None
    actor_name: str | None = None
    thing_id: UUID | None = None
    address: str | None = None
    details: dict[str, Detail] = Field(default_factory=dict)
