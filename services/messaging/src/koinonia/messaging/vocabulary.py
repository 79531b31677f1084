"""The states of messages and sending numbers, which errors name as well."""

from enum import StrEnum


class MessageStatus(StrEnum):
    """pending → sending ⇄ paused → completed; or declined by billing, or cancelled by staff."""

    PENDING = "pending"
    SENDING = "sending"
    PAUSED = "paused"
    COMPLETED = "completed"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class ResponseKind(StrEnum):
    """What a phone did after a broadcast."""

    REPLIED = "replied"
    STOPPED = "stopped"


class PauseCode(StrEnum):
    """Who paused a message, where it was not a failure of its texts."""

    STAFF = "staff"


class NumberStatus(StrEnum):
    """pending → active or failed; active → released."""

    PENDING = "pending"
    ACTIVE = "active"
    FAILED = "failed"
    RELEASED = "released"
