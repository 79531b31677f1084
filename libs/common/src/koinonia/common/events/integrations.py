"""Events of the integrations service: what other programs are told and may do."""

from koinonia.common.events.actions import ActionTaken


class IntegrationsActionTaken(ActionTaken, name="integrations.action_taken"):
    """Somebody of a church changed which programs are told of what, or may do what."""
