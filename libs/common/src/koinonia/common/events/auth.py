"""Events of the auth service: churches and the people who may sign in."""

from uuid import UUID

from koinonia.common.events.base import ChurchEvent


class ChurchRegistered(ChurchEvent, name="church.registered"):
    church_name: str
    timezone: str


class ChurchUpdated(ChurchEvent, name="church.updated"):
    church_name: str
    timezone: str


class AdminJoined(ChurchEvent, name="admin.joined"):
    admin_id: UUID
    role: str
