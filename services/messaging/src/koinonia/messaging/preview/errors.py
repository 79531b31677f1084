"""What can be wrong with a plan, and what to do about it."""

from collections.abc import Mapping
from typing import Any, Self

from koinonia.common import errors


class PlanExpired(errors.Conflict):
    code = "PLAN_EXPIRED"
    message = (
        "This plan is not known, or older than a day. Ask for a new one with "
        "POST /api/messages/plan, look at it and send with its hash."
    )


class PlanChanged(errors.Conflict):
    code = "PLAN_CHANGED"
    message = (
        "What would be sent is no longer what was planned. Ask for a new plan with "
        "POST /api/messages/plan, look at it and send with its hash."
    )

    @classmethod
    def between(
        cls, what: str, planned: Mapping[str, Any], now: Mapping[str, Any], *, changed: str
    ) -> Self:
        """``changed`` is ``message`` or ``figures``; ``what`` says it in words."""
        known = [name for name in planned if None not in (planned[name], now[name])]
        return cls(
            f"{what} {cls.message}",
            details={
                "changed": changed,
                "planned": dict(planned),
                "now": dict(now),
                "difference": {name: now[name] - planned[name] for name in known},
            },
        )
