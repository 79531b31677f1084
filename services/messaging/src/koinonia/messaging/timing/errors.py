"""What can be wrong with a time, and what to do about it."""

from koinonia.common import errors


class BadHours(errors.Invalid):
    code = "BAD_HOURS"
    message = (
        "Texts may arrive from 08:00 to 21:00 at the widest, and the hours must begin before they "
        "end. Choose hours within these."
    )


class BadRule(errors.Invalid):
    code = "BAD_RULE"
    message = (
        "The rule cannot be read. Write it like FREQ=WEEKLY;BYDAY=SU (RFC 5545), parts with = and "
        "semicolons between them."
    )


class TooSoon(errors.Invalid):
    code = "SCHEDULED_TOO_SOON"
    message = (
        "The time is past or less than a minute ahead. Choose a later one, or leave it out to send "
        "now."
    )


class TooFar(errors.Invalid):
    code = "SCHEDULED_TOO_FAR"
    message = "The time is more than a year ahead. Choose one within a year."


class NoTime(errors.Invalid):
    code = "SCHEDULED_WITHOUT_TIME"
    message = (
        "A schedule needs a time: scheduledFor with localTime and timezone, or scheduledAt for one "
        "that does not recur."
    )


class RuleWithoutZone(errors.Invalid):
    code = "RULE_WITHOUT_ZONE"
    message = (
        "A recurring message leaves at a time of day somewhere. Use scheduledFor with localTime "
        "and timezone instead of scheduledAt."
    )


class NeverOccurs(errors.Invalid):
    code = "NEVER_OCCURS"
    message = "No day fits this rule from its start on. Change the rule, its end or its start."


class EmergencyTakesOwner(errors.Forbidden):
    code = "EMERGENCY_TAKES_OWNER"
    message = (
        "Only an owner may have texts sent in quiet hours. Ask one, or leave out emergency: the "
        "texts then leave in the morning."
    )


class EmergencyRecurs(errors.Invalid):
    code = "EMERGENCY_RECURS"
    message = "An emergency does not recur. Leave out the rule or the emergency."


class NoSuchSchedule(errors.NotFound):
    code = "SCHEDULE_NOT_FOUND"
    message = "There is no schedule with this id. GET /api/schedules lists yours."


class NoSuchDate(errors.Unprocessable):
    code = "NO_SUCH_DATE"
    message = (
        "Nothing of this schedule leaves on this date. GET /api/schedules/{id}/dates lists the "
        "dates that come."
    )


class TooManySkipped(errors.Conflict):
    code = "TOO_MANY_SKIPPED"
    message = "A hundred dates of this schedule are skipped already. Pause it, or change its rule."


class ScheduleOver(errors.Conflict):
    code = "SCHEDULE_OVER"
    message = "This schedule is over, so it cannot be changed any more. Make a new one."
