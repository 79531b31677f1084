"""What can be wrong with a request to messaging, and what to do about it."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID

from pydantic import Field

from koinonia.common import errors
from koinonia.common.schema import Schema
from koinonia.messaging.vocabulary import MessageStatus, NumberStatus


class NoSuchBranch(errors.NotFound):
    code = "BRANCH_NOT_FOUND"
    details_type = errors.UnknownIds | None
    message = "There is no branch with this id. GET /api/branches lists yours."


class NoSuchGroup(errors.NotFound):
    code = "GROUP_NOT_FOUND"
    details_type = errors.UnknownIds | None
    message = "There is no group with this id. GET /api/groups lists yours."


class NoSuchMember(errors.NotFound):
    code = "MEMBER_NOT_FOUND"
    details_type = errors.UnknownIds | None
    message = "There is no member with this id. GET /api/members lists yours."


class BranchExists(errors.Conflict):
    code = "BRANCH_EXISTS"
    message = "A branch of this name exists already. Choose another name."


class GroupCount(Schema):
    group_count: int


class BranchNotEmpty(errors.Conflict):
    code = "BRANCH_NOT_EMPTY"
    details_type = GroupCount
    message = "This branch still has groups. Remove its groups first, then the branch."


class GroupExists(errors.Conflict):
    code = "GROUP_EXISTS"
    message = "This branch has a group of this name already. Choose another name."


class GroupInUse(errors.Conflict):
    code = "GROUP_IN_USE"
    message = (
        "A keyword puts people into this group. Remove the keyword, or give it another group, "
        "first; GET /api/keywords lists yours."
    )


class MemberExists(errors.Conflict):
    code = "MEMBER_EXISTS"
    message = "A member of this name with this phone exists already. Change that member instead."


class FileTooLarge(errors.TooLarge):
    code = "FILE_TOO_LARGE"
    message = "The file is larger than 10 MB. Split it and import the parts one after another."


class TooManyGroups(errors.Invalid):
    code = "TOO_MANY_GROUPS"
    message = (
        "The file names more than 1,000 groups. Check which column is read as groups, and leave it "
        "out with ignoreColumns, or split the file."
    )


class TooManyRows(errors.TooLarge):
    code = "TOO_MANY_ROWS"
    message = "The file has more than 50,000 rows. Split it and import the parts."


class EmptyFile(errors.Invalid):
    code = "EMPTY_FILE"
    message = "The file is empty. Send a CSV file with the header firstName,lastName,phone."


class BadEncoding(errors.Invalid):
    code = "BAD_ENCODING"
    message = (
        "The file is not UTF-8. Save it as “CSV UTF-8” in your spreadsheet program and send "
        "it again."
    )


class HeaderColumns(Schema):
    missing: list[str]
    columns: list[str]  # as the file has them


class BadHeader(errors.Invalid):
    code = "BAD_HEADER"
    details_type = HeaderColumns | None
    message = "The first line must name the columns: firstName,lastName,phone,email,groups."


class BadMapping(errors.Invalid):
    code = "BAD_MAPPING"
    message = (
        "The form field mapping is not one. Write a JSON object from heads of columns to what they "
        'are, like {"Cell #": "phone", "Do Not Text": "optOut"}.'
    )


class ConsentColumns(Schema):
    columns: list[str]


class ConsentColumn(errors.Invalid):
    code = "CONSENT_COLUMN"
    details_type = ConsentColumns
    message = "A column of the file speaks of consent."

    @classmethod
    def named(cls, heads: Sequence[str]) -> Self:
        which = ", ".join(f"“{head[:60]}”" for head in heads)
        column = "The column" if len(heads) == 1 else "The columns"
        speaks, it = ("speaks", "it") if len(heads) == 1 else ("speak", "each of them")
        return cls(
            f"{column} {which} {speaks} of consent to be texted, so nothing was imported. Say what "
            f"{it} is: map it to optOut or optIn in the form field mapping, or name it in "
            "ignoreColumns if it says nothing about texts.",
            details={"columns": list(heads)},
        )


class BadCsv(errors.Invalid):
    code = "BAD_CSV"
    message = "The file is not a CSV file. Save it as “CSV UTF-8” and send it again."


class BadAreaCode(errors.Invalid):
    code = "BAD_AREA_CODE"
    message = "This is not a US area code. Give three digits, such as 202."


class NumberOrderPending(errors.Conflict):
    code = "NUMBER_ORDER_PENDING"
    message = "A number is on order already. GET /api/phone-numbers shows when it is active."


class SubscriptionPending(errors.Conflict):
    code = "SUBSCRIPTION_PENDING"
    message = "Your plan is being set up. Try again in a second."


class NumbersOfPlan(Schema):
    allowed: int
    numbers: int = Field(description="Those that the church has, on order or active.")


class NumberLimitReached(errors.Conflict):
    code = "NUMBER_LIMIT_REACHED"
    details_type = NumbersOfPlan
    message = "Your plan allows no further number."

    @classmethod
    def of_plan(cls, allowed: int, numbers: int) -> Self:
        allows = f"{allowed} number" if allowed == 1 else f"{allowed or 'no'} numbers"
        has = f", and you have {numbers}" if numbers else ""
        release = "Release one with DELETE /api/phone-numbers/{id}, or ask" if numbers else "Ask"
        return cls(
            f"Your plan allows {allows}{has}. {release} for a larger plan.",
            details={"allowed": allowed, "numbers": numbers},
        )


class TooManyNumberOrders(errors.TooMany):
    code = "TOO_MANY_NUMBER_ORDERS"
    message = "Your church has ordered as many numbers within 24 hours as it may. Try again later."
    details_type = errors.RetryAfter

    @classmethod
    def after(cls, most: int, seconds: int) -> Self:
        numbers = "1 number" if most == 1 else f"{most} numbers"
        return cls(
            f"Your church may order {numbers} within 24 hours, released and failed ones included. "
            "Try again later.",
            details={"retryAfter": seconds},
            headers={"Retry-After": str(seconds)},
        )


class DailyNumberCapReached(errors.TooMany):
    code = "DAILY_NUMBER_CAP_REACHED"
    details_type = errors.RetryAfter
    message = (
        "Koinonia has ordered as many numbers today as it may, for all churches together. Nothing "
        "is wrong with your church: try again tomorrow, or ask those who run Koinonia."
    )

    @classmethod
    def after(cls, seconds: int) -> Self:
        return cls(details={"retryAfter": seconds}, headers={"Retry-After": str(seconds)})


class NoSuchNumber(errors.NotFound):
    code = "NUMBER_NOT_FOUND"
    message = "There is no number with this id. GET /api/phone-numbers lists yours."


class PresentStatus(Schema):
    status: NumberStatus


class NumberNotActive(errors.Conflict):
    code = "NUMBER_NOT_ACTIVE"
    details_type = PresentStatus
    message = "Only an active number can be released."

    @classmethod
    def now(cls, status: str) -> Self:
        return cls(f"This number is {status}. {cls.message}", details={"status": status})


class NumberCannotSend(NumberNotActive):
    message = "Texts leave from an active number only. GET /api/phone-numbers lists yours."


class NumberDisconnected(errors.Conflict):
    code = "NUMBER_DISCONNECTED"
    message = (
        "This number is not connected at the carrier, so texts cannot leave from it. "
        "GET /api/phone-numbers says what to do."
    )


class NumberCheckedJustNow(errors.TooMany):
    code = "NUMBER_CHECKED_JUST_NOW"
    details_type = errors.RetryAfter
    message = "This number was checked just now. Look at it again in half a minute."

    @classmethod
    def after(cls, seconds: int) -> Self:
        return cls(details={"retryAfter": seconds}, headers={"Retry-After": str(seconds)})


class WaitingMessages(Schema):
    messages: int


class WaitingSchedules(Schema):
    schedules: list[str] = Field(description="Their names, or ids where they have none.")


class NumberInUse(errors.Conflict):
    code = "NUMBER_IN_USE"
    details_type = WaitingMessages | WaitingSchedules
    message = "Texts are being sent from this number. Wait for them, then release it."

    @classmethod
    def by(cls, messages: int) -> Self:
        count = "1 message is" if messages == 1 else f"{messages} messages are"
        return cls(
            f"{count} being sent from this number. Wait until every text has left, or cancel with "
            "POST /api/messages/{id}/cancel, then release it.",
            details={"messages": messages},
        )

    @classmethod
    def by_schedules(cls, names: Sequence[str]) -> Self:
        """``names``: of the schedules, or their ids."""
        return cls(
            f"Messages are scheduled from this number: {', '.join(names)}. Give them another "
            "number, or cancel them, then release it.",
            details={"schedules": list(names)},
        )


class NoNumbersAvailable(errors.NotFound):
    code = "NO_NUMBERS_AVAILABLE"
    message = "The carrier has no number in this area code now. Try a neighbouring area code."


class CarrierAway(errors.Unavailable):
    code = "CARRIER_UNAVAILABLE"
    message = "The carrier cannot be reached right now. Try again in a moment."


class AddressNotVerified(errors.Forbidden):
    code = "ADDRESS_NOT_VERIFIED"
    message = (
        "Your church can have a number and send broadcasts once the email address of an owner is "
        "verified. Ask those who run Koinonia to verify it; you can prepare everything meanwhile."
    )


class NoActiveNumber(errors.Conflict):
    code = "NO_ACTIVE_NUMBER"
    message = (
        "This church has no number that texts can leave from. Order one with POST "
        "/api/phone-numbers; GET /api/phone-numbers says what is wrong with those you have."
    )


class EmptyText(errors.Invalid):
    code = "EMPTY_TEXT"
    message = "The message is empty. Write a text in content, name a template or add a file."


class LongestText(Schema):
    """The text as it gets longest, and how many phones would get it too long."""

    characters: int
    parts: int
    phones: int


class TextTooLong(errors.Invalid):
    code = "TEXT_TOO_LONG"
    details_type = LongestText | None
    message = "The text is too long. Shorten it to 1,600 characters and 10 parts."


class PhonesLeftOut(Schema):
    """How many phones of the target get no text, by reason."""

    removed: int = 0
    opted_out: int = 0
    no_consent: int = 0
    stop_asked: int = 0
    ministry_stopped: int = 0
    invalid: int = 0
    landline: int = 0
    fatigue: int = 0


class NoReachableMembers(errors.Unprocessable):
    code = "NO_REACHABLE_MEMBERS"
    details_type = PhonesLeftOut | None
    message = "There is nobody in this target to text. Add members to it or choose another one."


class ScheduleOfMessage(Schema):
    schedule_id: UUID


class NoWordsToSearchFor(errors.Invalid):
    code = "NO_WORDS_TO_SEARCH_FOR"
    message = "Search for a word that is not in nearly every text and not excluded with -."


class NoSuchMessage(errors.NotFound):
    code = "MESSAGE_NOT_FOUND"
    details_type = ScheduleOfMessage | None
    message = "There is no message with this id. GET /api/messages lists yours."

    @classmethod
    def but_a_schedule(cls, schedule_id: UUID) -> Self:
        return cls(
            f"This is the id of a schedule, not of a message. GET /api/schedules/{schedule_id} "
            "shows it, and its occurrences name the messages that it made.",
            details={"scheduleId": str(schedule_id)},
        )


class PresentStatusOfMessage(Schema):
    status: MessageStatus


class _NotNow(errors.Conflict):
    """A message is in a state that does not allow what was asked."""

    details_type = PresentStatusOfMessage

    @classmethod
    def now(cls, status: str) -> Self:
        return cls(f"This message is {status}. {cls.message}", details={"status": status})


class NotBeingSent(_NotNow):
    code = "MESSAGE_NOT_SENDING"
    message = (
        "Only a message that is being sent can be paused; one that is pending can be cancelled."
    )


class NotPaused(_NotNow):
    code = "MESSAGE_NOT_PAUSED"
    message = "Only a paused message can be resumed. Send a new one with POST /api/messages/send."


class NothingToCancel(_NotNow):
    code = "NOTHING_TO_CANCEL"
    message = "All its texts have been sent or given up, so there is nothing left to cancel."
