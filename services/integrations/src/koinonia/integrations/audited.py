"""Which operations of integrations the audit trail keeps, and as what."""

from koinonia.common.events.integrations import IntegrationsActionTaken
from koinonia.common.web import AuditTable, published

AUDITED = AuditTable(
    recorder=published(IntegrationsActionTaken),
    audited={
        "create_webhook_endpoint": "webhook_endpoint.created",
        "change_webhook_endpoint": "webhook_endpoint.changed",
        "remove_webhook_endpoint": "webhook_endpoint.removed",
        "replace_webhook_secret": "webhook_secret.replaced",
        "replay_webhook_delivery": "webhook.replayed",
        "replay_failed_webhooks": "webhooks.replayed",
    },
    unaudited={"test_webhook_endpoint": "it says nothing of anybody"},
)
