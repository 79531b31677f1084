"""Events of the ingress: what the outside told us, verified and in our own words."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from koinonia.common.events.base import Bundle, Event, SealedText
from koinonia.common.events.messaging import DeliveryStatus


class CarrierStatusReported(Event, name="carrier.status_reported"):
    """One report about one text. ``id`` derives from the carrier's own event id.

    ``church_id`` and ``recipient_id`` come from the report URL and may be missing; then the text
    is found by ``carrier`` and ``carrier_message_id``, its church by ``sender``.
    """

    carrier: str
    carrier_message_id: str
    recipient_id: UUID | None = None
    sender: str | None = None  # the church's own number, E.164
    status: DeliveryStatus
    reported_at: datetime
    parts: int | None = None
    cost: Decimal | None = None  # in USD
    failure: str | None = None  # a koinonia.carriers failure name
    failure_code: str | None = None  # the carrier's own code


class CarrierStatusesReported(Bundle, name="carrier.statuses_reported"):
    """Reports that came within a few milliseconds, in their order, of several churches."""

    holds = CarrierStatusReported
    events: tuple[CarrierStatusReported, ...]


class CarrierMessageReceived(Event, name="carrier.message_received"):
    """A person texted one of our numbers. The church is the owner of ``to`` at ``received_at``.

    A group text may have gone to several numbers of ours, of one church or of more; ``to`` is the
    one that the carrier names, if it names one (:mod:`koinonia.carriers.group_texts`).
    """

    carrier: str
    carrier_message_id: str
    to: str  # our number, E.164; "" where the carrier does not say which of a group it is
    sealed_group: tuple[str, ...] = ()  # all numbers that a group text went to, ours among them
    sealed_sender: str
    text: SealedText
    media_urls: tuple[SealedText, ...] = ()
    media_types: tuple[str | None, ...] = ()  # of the files, as the carrier says; it may be wrong
    received_at: datetime
    opt_out_type: str | None = None  # STOP, START, HELP: the carrier matched and answered it

    @property
    def content_types(self) -> tuple[str | None, ...]:
        """A type, or None, for each of ``media_urls``."""
        unsaid = (None,) * len(self.media_urls)
        return (*self.media_types, *unsaid)[: len(self.media_urls)]


class MailOutcome(StrEnum):
    """What a provider of mail tells later about a mail it took."""

    DELIVERED = "delivered"
    DELAYED = "delayed"
    BOUNCED = "bounced"  # the address takes no mail
    BLOCKED = "blocked"  # this mail was refused; the next one may be taken
    DROPPED = "dropped"  # the provider did not even try, because of what it knows of the address
    COMPLAINED = "complained"  # the person called it spam

    @property
    def marks_address(self) -> bool:
        """Whether nothing more should go to the address."""
        return self in (MailOutcome.BOUNCED, MailOutcome.DROPPED, MailOutcome.COMPLAINED)


class MailReported(Event, name="mail.reported"):
    """What became of one mail. ``id`` derives from the provider's own event id; who sent the mail
    knows whose it was."""

    provider: str
    mail_id: UUID
    outcome: MailOutcome
    reported_at: datetime
