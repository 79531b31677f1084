"""Members as clients see them."""

from koinonia.common.phone import Phones
from koinonia.messaging.people.consent import sealed_words
from koinonia.messaging.people.consent.entries import ConsentState
from koinonia.messaging.people.consent.schemas import StopQuestionOut
from koinonia.messaging.people.members import Member
from koinonia.messaging.people.schemas import ExternalIdOut, GroupName, MemberOut


def shown(member: Member, phones: Phones) -> MemberOut:
    pairs = zip(member.group_ids, member.group_names, strict=True)
    return MemberOut(
        id=member.id,
        first_name=member.first_name,
        last_name=member.last_name,
        phone=phones.open(member.phone_sealed),
        email=member.email,
        timezone=member.timezone,
        fields=member.custom,
        groups=[GroupName(id=group_id, name=name) for group_id, name in pairs],
        consent=ConsentState(member.consent),
        opted_out=member.consent == ConsentState.REVOKED,
        stop_question=_stop_question(member, phones),
        external_ids=[
            ExternalIdOut(system=system, id=external_id)
            for system, external_id in zip(member.systems, member.external_ids, strict=True)
        ],
        conversation_id=member.conversation_id,
        last_heard_from=member.last_heard_from,
        created_at=member.created_at,
        updated_at=member.updated_at,
    )


def _stop_question(member: Member, phones: Phones) -> StopQuestionOut | None:
    if member.stop_asked_at is None or member.stop_counts_from is None:
        return None
    return StopQuestionOut(
        asked_at=member.stop_asked_at,
        counts_from=member.stop_counts_from,
        words=sealed_words.opened(phones, member.stop_words or ""),
    )
