"""Events of the integrations service: what other programs are told and may do."""

from uuid import UUID

from koinonia.common.events.actions import ActionTaken
from koinonia.common.events.base import ChurchEvent


class IntegrationsActionTaken(ActionTaken, name="integrations.action_taken"):
    """Somebody of a church changed which programs are told of what, or may do what."""


class WebhookEndpointDisabled(ChurchEvent, name="webhook_endpoint.disabled"):
    """An endpoint is told of nothing any more, because of what its receiver did."""

    endpoint_id: UUID
    reason: str  # gone: it answered 410; failing: it took nothing for five days
