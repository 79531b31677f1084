"""Events of the auth service: churches and the people who may sign in."""

from uuid import UUID

from koinonia.common.events.base import ChurchEvent


class ChurchRegistered(ChurchEvent, name="church.registered"):
    church_name: str
    timezone: str
    language: str | None = None  # a text search configuration of PostgreSQL: english, spanish


class ChurchUpdated(ChurchEvent, name="church.updated"):
    church_name: str
    timezone: str
    language: str | None = None


class ChurchVerified(ChurchEvent, name="church.verified"):
    """A mail address of an owner is known to be theirs: the church may have a number and send."""

    admin_id: UUID | None = None  # whose address; none for churches from before addresses counted


class AdminJoined(ChurchEvent, name="admin.joined"):
    admin_id: UUID
    role: str
    first_name: str | None = None
    last_name: str | None = None


class AdminUpdated(ChurchEvent, name="admin.updated"):
    """The name or the role of an admin changed."""

    admin_id: UUID
    role: str
    first_name: str | None = None
    last_name: str | None = None


class SessionEnded(ChurchEvent, name="session.ended"):
    """A session ended before its time; its access tokens are not valid any more."""

    session_id: UUID
    admin_id: UUID


class AdminRemoved(ChurchEvent, name="admin.removed"):
    """An admin may not sign in any more; what they did keeps their id."""

    admin_id: UUID
