"""What the roles may do, as a list for clients, so that none keeps a table of roles.

``tests/architecture/test_permissions.py`` holds it against the routes of all services.
"""

from enum import StrEnum

from koinonia.common.identity import Role, permissions


class Permission(StrEnum):
    """``x-permission`` of an operation says which of them it takes."""

    ANALYTICS_READ = "analytics.read"
    AUDIT_OWN = "audit.own"
    AUTH_OWN = "auth.own"  # a second factor for the team
    AUTH_READ = "auth.read"
    BILLING_READ = "billing.read"
    CANNED_REPLIES_READ = "canned_replies.read"
    CANNED_REPLIES_WORK = "canned_replies.work"
    CHURCH_MANAGE = "church.manage"
    CHURCH_READ = "church.read"
    CONVERSATIONS_MANAGE = "conversations.manage"  # also the notes of others
    CONVERSATIONS_READ = "conversations.read"
    CONVERSATIONS_WORK = "conversations.work"
    FIELDS_READ = "fields.read"
    FIELDS_WORK = "fields.work"
    FILES_WORK = "files.work"
    KEYS_MANAGE = "keys.manage"
    KEYWORDS_MANAGE = "keywords.manage"
    KEYWORDS_READ = "keywords.read"
    LABELS_READ = "labels.read"
    LABELS_WORK = "labels.work"
    MESSAGES_MANAGE = "messages.manage"
    MESSAGES_OWN = "messages.own"  # in an emergency: at any hour
    MESSAGES_READ = "messages.read"
    MESSAGES_WORK = "messages.work"
    NOTIFICATIONS_READ = "notifications.read"  # one's own, and how one wants them
    NUMBERS_MANAGE = "numbers.manage"
    NUMBERS_READ = "numbers.read"
    NUMBERS_WORK = "numbers.work"
    OFFICE_HOURS_MANAGE = "office_hours.manage"
    OFFICE_HOURS_READ = "office_hours.read"
    PEOPLE_MANAGE = "people.manage"
    PEOPLE_READ = "people.read"
    PEOPLE_WORK = "people.work"
    TEAM_MANAGE = "team.manage"
    TEAM_READ = "team.read"
    TEMPLATES_READ = "templates.read"
    TEMPLATES_WORK = "templates.work"
    WEBHOOKS_MANAGE = "webhooks.manage"


WITHIN = (Permission.CONVERSATIONS_MANAGE, Permission.MESSAGES_OWN)
"""Those that an operation takes for some of what it can be asked; its code asks for them."""


def granted(role: Role) -> list[Permission]:
    """All that somebody of this role may do."""
    return [each for each in Permission if role.includes(permissions.lowest_role(each))]
