"""Why a person of another system is not taken over."""

from typing import Self

from koinonia.common import errors


class NoSuchExternalId(errors.NotFound):
    code = "EXTERNAL_ID_NOT_FOUND"
    message = "No member has this id of that system. PUT the person under this address first."


class SystemMissing(errors.Invalid):
    code = "EXTERNAL_SYSTEM_MISSING"
    message = (
        "Rows have an externalId, and nothing says of which system. Send externalSystem, such as "
        "planning-center."
    )


class ExternalIdTwice(errors.Conflict):
    code = "EXTERNAL_ID_TWICE"
    message = "Two rows have this externalId. Send each person once."

    @classmethod
    def as_in(cls, row: int) -> Self:
        return cls(f"Row {row} has this externalId already. Send each person once.")


class SamePerson(errors.Conflict):
    code = "SAME_PERSON"
    message = "Another row of this request is about this person."

    @classmethod
    def as_in(cls, row: int) -> Self:
        return cls(
            f"Row {row} is about the same member. Merge the two in the other system, or send one "
            "of them."
        )


class ChangedMeanwhile(errors.Conflict):
    code = "CHANGED_MEANWHILE"
    message = "Somebody else created, changed or removed this person just now. Send it again."
