"""Settings of the ingress."""

from pydantic import Field

from koinonia.carriers.settings import CarrierSettings
from koinonia.common.settings import DatabaseSettings, EventTextSettings
from koinonia.common.web.addresses import DoorSettings
from koinonia.mail.sendgrid import SendGridReportSettings


class Settings(
    DoorSettings, DatabaseSettings, EventTextSettings, CarrierSettings, SendGridReportSettings
):
    webhook_failures_per_minute: int = Field(default=30, ge=1)  # that are told why, per address
    kept_days: int = 30  # how long a call that nobody understood stays for operators
