"""Why the simulated carrier does not do what it was asked, in Telnyx's codes.

``twilio/dialect.py`` translates them into Twilio's. The ledger counts these.
"""


class Refused(Exception):
    """A refused call: ``detail`` explains, ``pointer`` names the field at fault."""

    def __init__(
        self,
        code: str,
        detail: str = "",
        pointer: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.code = code
        self.status, self.title = KINDS[code]
        self.detail = detail or self.title
        self.pointer = pointer
        self.headers = headers or {}
        super().__init__(code)


STRANGE = "49999"  # a code that no table has
STOPPED = "40300"

# Status and title. Telnyx publishes no code for a reused key; 10027 is ours alone, as is STRANGE.
# What only Twilio refuses has Twilio's code.
KINDS = {
    "10004": (400, "Missing required parameter"),
    "10005": (404, "Resource not found"),
    "10007": (500, "Unexpected error"),
    "10009": (401, "Authentication failed"),
    "10011": (429, "Too many requests"),
    "10015": (400, "Bad Request"),
    "10016": (400, "Phone number must be in +E.164 format"),
    "10027": (422, "Idempotency key was used with another request"),
    STOPPED: (403, "Blocked due to STOP message"),
    "40302": (400, "Message too large"),
    "40305": (400, "Invalid 'from' address"),
    "40310": (400, "Invalid 'to' address"),
    "40316": (400, "No content provided for message"),
    "40317": (400, "Invalid MMS content"),
    "40320": (400, "Temporarily unusable 'from' address"),
    STRANGE: (400, "Refused for a reason nobody has heard of"),
    "85000": (422, "Must search number first"),
    "85001": (422, "Phone numbers not available"),
    "21710": (409, "Phone Number is already in the Messaging Service"),
    "21712": (409, "Phone Number is associated with another Messaging Service"),
}

# Why a text that was accepted never arrived: what ``errors`` of its last report says.
FAILURES = {
    "40001": "Not routable",
    "40002": "Blocked as spam - temporary",
    "40004": "Rejected by destination",
    "40006": "Recipient server unavailable",
    "40008": "Undeliverable",
    "40014": "Message expired in queue",
    STOPPED: "Blocked due to STOP message",
    STRANGE: "Failed for a reason nobody has heard of",
}
EXPIRED_IN_QUEUE = "40014"  # never left, so its last report is ``sending_failed``
USUAL_FAILURES = ("40008", "40001", "40006", "40008", "40004", "40008", "40014")
