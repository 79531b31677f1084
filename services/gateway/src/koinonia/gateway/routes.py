"""The routing table: which service answers which path, and what the gateway requires there."""

from dataclasses import dataclass
from enum import StrEnum

from koinonia.common.errors import Invalid, NotFound


class Kind(StrEnum):
    """What the gateway requires of a request."""

    SESSION = "session"  # everything that is not named otherwise: a valid access token
    SIGN_IN = "sign_in"  # makes a session, or takes what could be guessed in place of one
    STEP = "step"  # on the way to a session; asked for more often than a session is
    REFRESH = "refresh"  # renews one by its own token
    SIGN_OUT = "sign_out"  # works without a session too
    WEBHOOK = "webhook"  # proves itself by a signature, to the service
    LINK = "link"  # a signed address: whoever has it may read, a carrier too

    @property
    def enters(self) -> bool:
        """Whether it is for who wants to come in, and rests on no session."""
        return self in (Kind.SIGN_IN, Kind.STEP)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes. ``path`` is what the log calls it."""

    path: str
    service: str
    kind: Kind = Kind.SESSION


PREFIXES = (
    Target("/api/auth", "auth"),
    Target("/api/audit", "auth"),
    Target("/api/notifications", "auth"),
    Target("/api/messages", "messaging"),
    Target("/api/branches", "messaging"),
    Target("/api/groups", "messaging"),
    Target("/api/segments", "messaging"),
    Target("/api/members", "messaging"),
    Target("/api/imports", "messaging"),
    Target("/api/phone-numbers", "messaging"),
    Target("/api/templates", "messaging"),
    Target("/api/drafts", "messaging"),
    Target("/api/fields", "messaging"),
    Target("/api/consents", "messaging"),
    Target("/api/schedules", "messaging"),
    Target("/api/texting-rules", "messaging"),
    Target("/api/keywords", "messaging"),
    Target("/api/conversations", "conversation"),
    Target("/api/labels", "conversation"),
    Target("/api/canned-replies", "conversation"),
    Target("/api/office-hours", "conversation"),
    Target("/api/media", "conversation"),
    Target("/api/files", "conversation", Kind.LINK),
    Target("/api/billing", "billing"),
    Target("/api/analytics", "analytics"),
    Target("/api/webhook-endpoints", "integrations"),
    Target("/api/webhooks", "ingress", Kind.WEBHOOK),
)
SERVICES = tuple(dict.fromkeys(target.service for target in PREFIXES))
EXACT = (
    Target("/api/auth/register", "auth", Kind.SIGN_IN),
    Target("/api/auth/login", "auth", Kind.SIGN_IN),
    Target("/api/auth/login/code", "auth", Kind.STEP),
    Target("/api/auth/login/enrol", "auth", Kind.STEP),
    Target("/api/auth/login/enrol/confirm", "auth", Kind.STEP),
    Target("/api/auth/invitations/accept", "auth", Kind.SIGN_IN),
    Target("/api/auth/password/forgotten", "auth", Kind.SIGN_IN),
    Target("/api/auth/password/reset", "auth", Kind.SIGN_IN),
    Target("/api/auth/password/check", "auth", Kind.STEP),
    Target("/api/auth/email/confirm", "auth", Kind.SIGN_IN),
    Target("/api/notifications/unsubscribe", "auth", Kind.LINK),
    Target("/api/auth/refresh", "auth", Kind.REFRESH),
    Target("/api/auth/logout", "auth", Kind.SIGN_OUT),
)
MEDIA_LIMIT = 20 * 1024 * 1024
BODY_LIMITS = {  # bytes; 256 KB elsewhere
    "/api/imports": 25 * 1024 * 1024 + 64 * 1024,
    "/api/members/import": 10 * 1024 * 1024,
    "/api/members/bulk": 5 * 1024 * 1024,
    "/api/webhooks/sendgrid/": 1024 * 1024,  # as the ingress has it
    "/api/media": MEDIA_LIMIT,
    "/api/conversations/*/reply-with-media": MEDIA_LIMIT,
}

_by_path = {target.path: target for target in EXACT}
_by_segment = {target.path.removeprefix("/api/"): target for target in PREFIXES}


class NoRoute(NotFound):
    message = "There is no such address. /api/docs lists all that exist."


class OddAddress(Invalid):
    """A value of the path is none that is known anywhere, as one that does not fit its schema."""

    message = "The address holds //, /. or a backslash. No id of ours does; correct it."


def has(path: str) -> bool:
    """Whether a service answers below the prefix that ``path`` begins with."""
    return path.startswith("/api/") and path[5:].partition("/")[0] in _by_segment


def find(path: str) -> Target:
    """The target of ``path``, decoded; raises ``NoRoute`` if no service answers there, and
    ``OddAddress`` if it could be read in two ways."""
    if exact := _by_path.get(path):
        return exact
    target = _by_segment.get(path.removeprefix("/api/").partition("/")[0])
    if target is None or not path.startswith("/api/"):
        raise NoRoute
    if _is_odd(path):
        raise OddAddress
    return target


def _is_odd(path: str) -> bool:
    """A path that a server behind us could read as another than we do."""
    return "//" in path or "/." in path or "\\" in path
