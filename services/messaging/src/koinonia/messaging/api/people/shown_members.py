"""Members as clients see them."""

from koinonia.common.phone import Phones
from koinonia.common.web import Json
from koinonia.messaging.people.consent import sealed_words
from koinonia.messaging.people.consent.entries import ConsentState
from koinonia.messaging.people.consent.schemas import StopQuestionOut
from koinonia.messaging.people.members import Member
from koinonia.messaging.people.schemas import MemberOut


def shown(member: Member, phones: Phones) -> MemberOut:
    return MemberOut.model_validate(shown_json(member, phones))


def shown_json(member: Member, phones: Phones) -> Json:
    """The JSON of a ``MemberOut``."""
    groups = zip(member.group_ids, member.group_names, strict=True)
    elsewhere = zip(member.systems, member.external_ids, strict=True)
    return {
        "id": member.id,
        "firstName": member.first_name,
        "lastName": member.last_name,
        "phone": phones.open(member.phone_sealed),
        "email": member.email,
        "timezone": member.timezone,
        "groups": [{"id": group_id, "name": name} for group_id, name in groups],
        "consent": member.consent,
        "optedOut": member.consent == ConsentState.REVOKED,
        "stopQuestion": _stop_question(member, phones),
        "fields": member.custom,
        "externalIds": [{"system": system, "id": own_id} for system, own_id in elsewhere],
        "conversationId": member.conversation_id,
        "lastHeardFrom": member.last_heard_from,
        "createdAt": member.created_at,
        "updatedAt": member.updated_at,
    }


def _stop_question(member: Member, phones: Phones) -> StopQuestionOut | None:
    if member.stop_asked_at is None or member.stop_counts_from is None:
        return None
    return StopQuestionOut(
        asked_at=member.stop_asked_at,
        counts_from=member.stop_counts_from,
        words=sealed_words.opened(phones, member.stop_words or ""),
    )
