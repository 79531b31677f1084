"""What can be wrong with a preview, and what to do about it."""

from collections.abc import Mapping
from typing import Literal, Self

from koinonia.common import errors
from koinonia.common.schema import Schema


class PreviewExpired(errors.Conflict):
    code = "PREVIEW_EXPIRED"
    message = (
        "This preview is not known, or older than a day. Ask for a new one with "
        "POST /api/messages/preview, look at it and send with its hash."
    )


class Figures(Schema):
    phones: int | None = None
    parts: int | None = None
    cost_cents: int | None = None


class PreviewDifference(Schema):
    """``changed`` is message where what is sent differs, number where what it is sent from does,
    recipients where other phones of an earlier message would get it, figures where the people
    do."""

    changed: Literal["message", "number", "recipients", "figures"]
    previewed: Figures
    now: Figures
    difference: Figures


class PreviewChanged(errors.Conflict):
    details_type = PreviewDifference
    code = "PREVIEW_CHANGED"
    message = (
        "What would be sent is no longer what the preview showed. Ask for a new one with "
        "POST /api/messages/preview, look at it and send with its hash."
    )

    @classmethod
    def between(
        cls,
        what: str,
        previewed: Mapping[str, int | None],
        now: Mapping[str, int | None],
        *,
        changed: str,
    ) -> Self:
        """``changed`` is one of those of ``PreviewDifference``; ``what`` says it in words."""
        difference = {
            name: after - before
            for name, before in previewed.items()
            if before is not None and (after := now[name]) is not None
        }
        return cls(
            f"{what} {cls.message}",
            details={
                "changed": changed,
                "previewed": dict(previewed),
                "now": dict(now),
                "difference": difference,
            },
        )
