"""What is mailed to somebody about their own account, in the words of their church."""

from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth.accounts import Account
from koinonia.auth.mailing import kinds, mails
from koinonia.auth.mailing.kinds import Kind
from koinonia.auth.mailing.mails import Recipient
from koinonia.auth.running import Running
from koinonia.common import clock


async def post(
    session: AsyncSession,
    running: Running,
    kind: Kind,
    account: Account,
    *,
    page: str,
    address: str | None = None,
    **values: str,
) -> None:
    """Have a mail sent to ``account``, or to another ``address`` of theirs. ``page`` is where its
    button leads, below our own address."""
    to = Recipient(
        church_id=account.church_id,
        admin_id=account.admin_id,
        address=address or account.email,
        name=account.name,
    )
    given = {
        "church": account.church_name,
        "link": f"{running.settings.public_url}/{page}",
        "when": _moment(account.timezone),
        **values,
    }
    await mails.add(session, running.ring, kind, to, kinds.language(account.language), given)


def _moment(zone: str) -> str:
    """Now, as the church's clock shows it; in figures, which every language reads."""
    return f"{clock.now().astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} ({zone})"
