"""The providers of mail that may call us."""

from koinonia import mail
from koinonia.common.errors import NotFound
from koinonia.ingress.running import Running
from koinonia.mail.contract import Reporter


class MailNotConfigured(NotFound):
    code = "MAIL_PROVIDER_NOT_CONFIGURED"
    message = (
        "This system has no account with that provider of mail. Remove the webhook from your "
        "account, or set its public key here."
    )


def open_reporters(running: Running) -> None:
    """``running.mail_reporters``, by name."""
    running.mail_reporters = mail.reporters(running.settings)


def expected(running: Running, name: str) -> Reporter:
    """The provider that calls. Raises ``MailNotConfigured``."""
    reporter = running.mail_reporters.get(name)
    if reporter is None:
        raise MailNotConfigured
    return reporter
