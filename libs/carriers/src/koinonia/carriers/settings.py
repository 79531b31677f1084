"""The settings of all carriers, made from their table."""

from pydantic import create_model

from koinonia.carriers import CARRIERS
from koinonia.common.settings import Settings, WebAddress


def _with_those_of_carriers(mixin: type[Settings]) -> type[Settings]:
    own = dict.fromkeys(carrier.settings for carrier in CARRIERS.values())
    return create_model(
        mixin.__name__, __base__=(mixin, *own), __module__=mixin.__module__, __doc__=mixin.__doc__
    )


@_with_those_of_carriers
class CarrierSettings(Settings):
    """Mixed into the settings of a service that speaks with carriers:
    ``class Settings(DatabaseSettings, CarrierSettings)``. It has the fields of every row of
    ``CARRIERS``; a carrier that was never configured has defaults there."""

    webhooks_url: WebAddress | None = None  # how carriers reach the ingress; none: by the gateway

    @property
    def webhooks_origin(self) -> str:
        """The address that carriers are given, without a path."""
        return self.webhooks_url or self.public_url

    @property
    def webhooks_origins(self) -> tuple[str, ...]:
        """Every address that a carrier may call: what it was given earlier went to the gateway."""
        return tuple(dict.fromkeys((self.webhooks_origin, self.public_url)))
