"""``/api/members/{memberId}/merge``."""

from uuid import UUID

from fastapi import APIRouter, Depends

from koinonia.common import web
from koinonia.common.identity import Role
from koinonia.common.web import ActionDep, CurrentAdmin
from koinonia.messaging.api.attestation import AddressDep
from koinonia.messaging.api.people.shown_members import shown
from koinonia.messaging.dependencies import RunningDep
from koinonia.messaging.people import merge
from koinonia.messaging.people.consent import sealed_words
from koinonia.messaging.people.merge import ByWhom
from koinonia.messaging.people.merge_schemas import MergeIn, MergeOut

router = APIRouter(prefix="/api/members", tags=["people"])
STAFF = [Depends(web.require(Role.STAFF))]
NO_GOES_OVER = (
    "Staff merged two members who are one person; the other phone of this person wants no texts."
)


# A transaction of its own, because a dry run takes everything back.
@router.post("/{member_id}/merge", dependencies=STAFF)
async def merge_member(
    running: RunningDep,
    admin: CurrentAdmin,
    address: AddressDep,
    action: ActionDep,
    member_id: UUID,
    body: MergeIn,
) -> MergeOut:
    """Bring this member into another one who is the same person; this one is gone afterwards, and
    the other one stays. It cannot be undone: ``dryRun`` answers the same and changes nothing."""
    words = sealed_words.sealed(running.phones, NO_GOES_OVER)
    by = ByWhom(actor_id=admin.admin_id, address=address, words=words)
    async with running.database.transaction(admin.church_id, is_kept=not body.dry_run) as session:
        done = await merge.merge(session, admin.church_id, member_id, body.into, body.phone, by)
        action.details["into"] = str(body.into)
        await action.record(session)
    return MergeOut(
        is_dry_run=body.dry_run,
        removed_member_id=member_id,
        member=shown(done.member, running.phones),
        taken=done.taken,
        joined_groups=done.joined,
        dropped_phone=running.phones.open(done.dropped_phone) if done.dropped_phone else None,
        opts_out=done.opts_out,
    )
