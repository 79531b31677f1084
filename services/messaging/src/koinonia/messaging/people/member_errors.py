"""What can be wrong with work on many members, or on two who are one."""

from collections.abc import Sequence
from typing import Self

from koinonia.common import errors
from koinonia.common.schema import Schema


class SameMember(errors.Invalid):
    code = "SAME_MEMBER"
    message = "The two members are one already. Name in into the other one, who stays."


class StopQuestionOpen(errors.Conflict):
    code = "STOP_QUESTION_OPEN"
    message = (
        "A text of the phone that goes may ask to stop, and nobody settled it. Settle it with "
        "POST /api/consents/stop-question, then merge."
    )


class SameBranch(errors.Invalid):
    code = "SAME_BRANCH"
    message = "The two branches are the same. Name the one to leave and the one to join."


class GroupTwice(errors.Invalid):
    code = "GROUP_TWICE"
    message = "A group is both to join and to leave. Name it once."


class GroupElsewhere(errors.Invalid):
    code = "GROUP_ELSEWHERE"
    message = "This group is of another branch. Choose one of the branch that is joined."


class GroupNames(Schema):
    groups: list[str]


class NoGroupToMoveTo(errors.Conflict):
    code = "NO_GROUP_TO_MOVE_TO"
    details_type = GroupNames
    message = "The other branch has no group of a name, so nobody was moved."

    @classmethod
    def named(cls, groups: Sequence[str]) -> Self:
        shown = ", ".join(f"“{name[:60]}”" for name in groups[:5])
        return cls(
            f"The other branch has no group named {shown}, so nobody was moved. Make one there, or "
            "say in groupId where these people go.",
            details={"groups": list(groups[:20])},
        )
