"""Event subscriptions and periodic jobs of auth."""

from koinonia.auth import attempts, audit, sessions
from koinonia.auth.mailing import mails, marked_addresses, sending
from koinonia.auth.recovery import links, password_reset
from koinonia.auth.running import Running
from koinonia.auth.team import invitations
from koinonia.common import idempotency
from koinonia.common.bus import on
from koinonia.common.events.conversation import ConversationActionTaken
from koinonia.common.events.ingress import MailReported
from koinonia.common.events.integrations import IntegrationsActionTaken
from koinonia.common.events.messaging import MessageQuietHoursOverridden, MessagingActionTaken
from koinonia.common.runtime import every


async def rotate_keys(running: Running) -> None:
    await running.keys.rotate()


async def prune(running: Running) -> None:
    async with running.database.transaction() as session:
        await sessions.prune(session)
        await sessions.prune_sessions(session)
        await attempts.prune(session)
        await links.prune(session)
        await password_reset.prune(session)
        await mails.prune(session)
        await marked_addresses.prune(session)
        await audit.prune(session)
    await invitations.prune(running.database)


SUBSCRIPTIONS = (
    on(MailReported, marked_addresses.record),
    on(MessageQuietHoursOverridden, audit.record_override),
    on(MessagingActionTaken, audit.record_action),
    on(ConversationActionTaken, audit.record_action),
    on(IntegrationsActionTaken, audit.record_action),
)

LOOPS = (
    every(1, password_reset.answer_requests),
    every(1, sending.send_due),
    every(3600, rotate_keys),
    every(3600, prune),
    every(3600, idempotency.prune),
)
