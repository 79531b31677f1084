"""What can be wrong with a preview, and what to do about it."""

from collections.abc import Mapping
from typing import Any, Self

from koinonia.common import errors


class PreviewExpired(errors.Conflict):
    code = "PREVIEW_EXPIRED"
    message = (
        "This preview is not known, or older than a day. Ask for a new one with "
        "POST /api/messages/preview, look at it and send with its hash."
    )


class PreviewChanged(errors.Conflict):
    code = "PREVIEW_CHANGED"
    message = (
        "What would be sent is no longer what the preview showed. Ask for a new one with "
        "POST /api/messages/preview, look at it and send with its hash."
    )

    @classmethod
    def between(
        cls, what: str, previewed: Mapping[str, Any], now: Mapping[str, Any], *, changed: str
    ) -> Self:
        """``changed`` is ``message`` or ``figures``; ``what`` says it in words."""
        known = [name for name in previewed if None not in (previewed[name], now[name])]
        return cls(
            f"{what} {cls.message}",
            details={
                "changed": changed,
                "previewed": dict(previewed),
                "now": dict(now),
                "difference": {name: now[name] - previewed[name] for name in known},
            },
        )
