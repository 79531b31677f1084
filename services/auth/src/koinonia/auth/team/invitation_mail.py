"""The mail that tells somebody of their invitation."""

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth import accounts
from koinonia.auth.accounts import Account
from koinonia.auth.mailing import kinds, mails
from koinonia.auth.mailing.kinds import Kind
from koinonia.auth.mailing.mails import Recipient
from koinonia.auth.running import Running
from koinonia.auth.team.invitations import InvitationRequest, Made


async def post(
    session: AsyncSession, running: Running, by: Account, request: InvitationRequest, made: Made
) -> None:
    """Mail the link that proves the address of who accepts by it."""
    name = accounts.full_name(request.first_name, request.last_name)
    to = Recipient(church_id=by.church_id, admin_id=None, address=request.email, name=name)
    values = {
        "inviter": by.name or by.email,
        "church": by.church_name,
        "link": f"{running.settings.public_url}/join#{made.mailed_token}",
    }
    await mails.add(session, running.ring, Kind.INVITATION, to, kinds.language(by.language), values)
