"""Errors about API keys."""

from collections.abc import Sequence

from koinonia.common import errors


class ApiKeyInvalid(errors.Unauthorized):
    """The same for a key that never was, one that was removed and one that expired."""

    code = "API_KEY_INVALID"
    message = (
        "The API key is not valid: it was mistyped, removed, or has expired. "
        "Make a new one: POST /api/auth/keys."
    )


class NoSuchApiKey(errors.NotFound):
    code = "API_KEY_NOT_FOUND"
    message = "There is no key with this id, or it was removed. GET /api/auth/keys lists them."


class NotYoursToGive(errors.Forbidden):
    code = "PERMISSION_NOT_GRANTABLE"

    def __init__(self, refused: Sequence[str]) -> None:
        super().__init__(
            f"A key that you make cannot have {', '.join(refused)}: it may no more than you, and "
            "what is of people's accounts is of people. GET /api/auth/me lists what you may."
        )


class TooManyApiKeys(errors.Conflict):
    code = "TOO_MANY_API_KEYS"
    message = "A church has 20 good keys at most. Remove one that nobody uses: DELETE it by its id."
