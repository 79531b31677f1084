"""``/api/texting-rules``."""

from fastapi import APIRouter

from koinonia.common.web import TAGGED, CurrentAdmin, OwnerOrAdmin, ReadDep, SessionDep
from koinonia.messaging.timing import texting_rules
from koinonia.messaging.timing.schemas import TextingRules, TextingRulesChange

router = APIRouter(prefix="/api/texting-rules", tags=["messages"])


@router.get("", dependencies=TAGGED)
async def read_texting_rules(read: ReadDep, admin: CurrentAdmin) -> TextingRules:
    """When the church texts, how often, and whom HELP names."""
    return TextingRules.model_validate(await texting_rules.current(read, admin.church_id))


@router.patch("")
async def change_texting_rules(
    session: SessionDep, admin: OwnerOrAdmin, body: TextingRulesChange
) -> TextingRules:
    """Narrow the hours, limit how often a phone is texted, say whom to ask for help."""
    changed = await texting_rules.change(session, admin.church_id, body.given())
    return TextingRules.model_validate(changed)
