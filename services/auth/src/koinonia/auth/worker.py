"""Event subscriptions and periodic jobs of auth."""

from koinonia.auth import attempts, audit, sessions
from koinonia.auth.api_keys import api_keys
from koinonia.auth.mailing import mails, marked_addresses, sending
from koinonia.auth.notifications import notification_mails, notifications, wanted_notifications
from koinonia.auth.recovery import links, password_reset
from koinonia.auth.running import Running
from koinonia.auth.second_factor import second_factors
from koinonia.auth.team import invitations
from koinonia.common import idempotency
from koinonia.common.bus import on
from koinonia.common.events.auth import AddressMarked
from koinonia.common.events.billing import AllowanceUpdated, SpendDeclined
from koinonia.common.events.conversation import ConversationActionTaken, StaffNotified
from koinonia.common.events.ingress import MailReported
from koinonia.common.events.integrations import IntegrationsActionTaken
from koinonia.common.events.messaging import (
    ImportProgressed,
    MessageCompleted,
    MessageQuietHoursOverridden,
    MessagingActionTaken,
    NumberConnectionChanged,
)
from koinonia.common.runtime import every


async def rotate_keys(running: Running) -> None:
    await running.keys.rotate()


async def reseal(running: Running) -> None:
    """Seal second factors under the present key of the ring."""
    resealed = second_factors.RESEALED_AT_ONCE
    while resealed == second_factors.RESEALED_AT_ONCE:
        async with running.database.transaction() as session:
            resealed = await second_factors.reseal(session, running.ring)


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
        await notifications.prune(session)
        await api_keys.prune(session)
    await invitations.prune(running.database)


SUBSCRIPTIONS = (
    on(MailReported, marked_addresses.record),
    on(MessageQuietHoursOverridden, audit.record_override),
    on(MessagingActionTaken, audit.record_action),
    on(ConversationActionTaken, audit.record_action),
    on(IntegrationsActionTaken, audit.record_action),
    on(StaffNotified, wanted_notifications.notify_staff),
    on(ImportProgressed, wanted_notifications.notify_of_import),
    on(MessageCompleted, wanted_notifications.notify_of_failures),
    on(SpendDeclined, wanted_notifications.notify_of_decline),
    on(AllowanceUpdated, wanted_notifications.notify_of_allowance),
    on(NumberConnectionChanged, wanted_notifications.notify_of_number),
    on(AddressMarked, wanted_notifications.notify_of_address),
)

LOOPS = (
    every(1, password_reset.answer_requests),
    every(1, sending.send_due),
    every(5, notification_mails.mail_due),
    every(3600, rotate_keys),
    every(3600, reseal),
    every(3600, prune),
    every(3600, idempotency.prune),
)
