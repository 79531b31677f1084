"""The open parts of a gateway process."""

from dataclasses import dataclass, field

from starlette.types import Scope

from koinonia.common import running
from koinonia.gateway.api_keys import ApiKeys
from koinonia.gateway.cross_origin import Cors
from koinonia.gateway.csrf import CsrfTokens
from koinonia.gateway.endings import Endings
from koinonia.gateway.health import Health
from koinonia.gateway.kept_answers import KeptAnswers
from koinonia.gateway.live.hub import Hub
from koinonia.gateway.pages.pages import Pages
from koinonia.gateway.reference.document import Reference
from koinonia.gateway.settings import Settings
from koinonia.gateway.throttle import Throttle
from koinonia.gateway.upstreams import Upstreams


@dataclass
class Running(running.Process[Settings]):
    """The gateway has no schema; beside the shared parts it has these."""

    origins: frozenset[str] = field(init=False)
    cors: Cors = field(init=False)
    csrf: CsrfTokens = field(init=False)
    throttle: Throttle = field(init=False)
    endings: Endings = field(init=False)
    kept_answers: KeptAnswers = field(init=False)
    upstreams: Upstreams = field(init=False)
    api_keys: ApiKeys = field(init=False)
    health: Health = field(init=False)
    reference: Reference = field(init=False)
    pages: Pages = field(init=False)
    hub: Hub = field(init=False)


def from_scope(scope: Scope) -> Running:
    """The open parts of the process that answers this request."""
    process: Running = scope["app"].state.running
    return process
