"""The words of webhooks: kinds, scopes, states."""

from enum import StrEnum


class WebhookKind(StrEnum):
    """What an endpoint may be told of: ``type`` of a webhook."""

    MESSAGE_COMPLETED = "message.completed"
    RECIPIENT_FAILED = "recipient.failed"
    TEXT_RECEIVED = "text.received"
    CONVERSATION_ASSIGNED = "conversation.assigned"
    CONVERSATION_CLOSED = "conversation.closed"
    MEMBER_CREATED = "member.created"
    MEMBER_UPDATED = "member.updated"
    MEMBER_REMOVED = "member.removed"
    CONSENT_CHANGED = "consent.changed"
    KEYWORD_USED = "keyword.used"
    ALLOWANCE_LOW = "allowance.low"
    NUMBER_CHANGED = "number.changed"
    IMPORT_COMPLETED = "import.completed"


TEST = "test"
"""The ``type`` of a test event, which every endpoint may be sent."""


class WebhookScope(StrEnum):
    """What of people a webhook holds besides ids."""

    PHONE = "phone"
    TEXT = "text"  # what they write


class EndpointState(StrEnum):
    ACTIVE = "active"
    DISABLED = "disabled"  # nothing is sent, and nothing waits to be


class DeliveryState(StrEnum):
    PENDING = "pending"  # it is tried, or will be
    DELIVERED = "delivered"
    FAILED = "failed"  # it is tried no more, unless somebody replays it


class DeliveryFailure(StrEnum):
    """Why an attempt failed."""

    STATUS = "status"  # the answer was none of 200 to 299
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    NOT_PUBLIC = "not_public"  # the name leads to an address that is not public
    BROKEN = "broken"  # what came back is no HTTP
    DISABLED = "disabled"  # the endpoint was switched off while it waited


class DisabledReason(StrEnum):
    STAFF = "staff"
    GONE = "gone"  # it answered 410
    FAILING = "failing"  # nothing was taken for five days
