"""What a process of the shared inbox holds open."""

from dataclasses import dataclass, field

from koinonia.common import running
from koinonia.conversation.answering_leases import AnsweringLeases
from koinonia.conversation.messaging_client import MessagingClient
from koinonia.conversation.settings import Settings
from koinonia.media.fetcher import Fetcher
from koinonia.media.images import Workbench
from koinonia.media.links import Links
from koinonia.media.store import MediaStore


@dataclass(frozen=True, slots=True)
class Media:
    """What pictures and files need."""

    links: Links
    store: MediaStore
    fetcher: Fetcher
    images: Workbench


@dataclass
class Running(running.Running[Settings]):
    """In addition to what every service with a schema has."""

    media: Media = field(init=False)
    messaging: MessagingClient = field(init=False)
    answering: AnsweringLeases = field(init=False)
