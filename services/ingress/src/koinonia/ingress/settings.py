"""Settings of the ingress."""

from koinonia.carriers.settings import CarrierSettings
from koinonia.common.settings import DatabaseSettings


class Settings(DatabaseSettings, CarrierSettings):
    kept_days: int = 30  # how long a call that nobody understood stays for operators
