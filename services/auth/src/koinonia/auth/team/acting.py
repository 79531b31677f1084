"""Who changes a team, as they stand at this moment: an access token tells what they were when it
was made, up to a quarter of an hour ago."""

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth import accounts, churches
from koinonia.auth.accounts import Account
from koinonia.auth.errors import RoleTooHigh
from koinonia.common.errors import Forbidden
from koinonia.common.identity import Identity, Role


async def hold(session: AsyncSession, admin: Identity) -> Account:
    """The account of who acts, while nobody else changes this church or its team; an admin's or
    an owner's. Raises ``AccountDisabled`` and ``Forbidden``."""
    await churches.hold(session)
    actor = await accounts.enabled(session, admin.admin_id)
    if not actor.role.includes(Role.ADMIN):
        raise Forbidden(f"Your role is {actor.role} now. Ask an owner of the church.")
    return actor


def check(actor: Account, *roles: str) -> None:
    """Nobody gives, takes or replaces a role above their own."""
    if not all(actor.role.includes(Role(role)) for role in roles):
        raise RoleTooHigh
