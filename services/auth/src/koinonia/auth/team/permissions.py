"""What an admin may do to a team, by their present role: an access token tells the role of up to a
quarter of an hour ago."""

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth import accounts, churches
from koinonia.auth.accounts import Account
from koinonia.auth.errors import RoleTooHigh
from koinonia.common.errors import Forbidden
from koinonia.common.identity import Identity, Role


async def lock_actor(session: AsyncSession, admin: Identity) -> Account:
    """The account of the acting admin or owner, with the church locked so that nobody else changes
    it or its team. Raises ``AccountDisabled`` and ``Forbidden``."""
    await churches.lock(session)
    actor = await accounts.enabled(session, admin.admin_id)
    if not Role(actor.role).includes(Role.ADMIN):
        raise Forbidden(f"Your role is {actor.role} now. Ask an owner of the church.")
    return actor


def check_roles(actor: Account, *roles: str) -> None:
    """Nobody gives, takes or replaces a role above their own."""
    if not all(Role(actor.role).includes(Role(role)) for role in roles):
        raise RoleTooHigh
