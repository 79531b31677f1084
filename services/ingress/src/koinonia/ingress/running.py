"""What a process of the ingress holds open."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from koinonia.carriers.contract import Carrier
from koinonia.common import running
from koinonia.ingress.failed_calls import FailedCalls
from koinonia.ingress.report_bundles import ReportBundles
from koinonia.ingress.settings import Settings
from koinonia.mail.contract import Reporter


@dataclass
class Running(running.Running[Settings]):
    """Beside what every service with a schema has: the configured carriers and providers of mail
    by name, who failed to prove that they are one, and the reports that wait to be published
    together."""

    carriers: Mapping[str, Carrier] = field(init=False)
    mail_reporters: Mapping[str, Reporter] = field(init=False)
    failed_calls: FailedCalls = field(init=False)
    report_bundles: ReportBundles = field(init=False)
