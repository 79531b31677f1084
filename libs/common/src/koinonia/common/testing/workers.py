"""A run of pytest in several processes (``-n 2``): one set of servers, and tests that run alone.

The controller, which runs no test itself, starts the servers while its workers still collect, and
ends them when the run ends. Everything else that a test could share with its neighbour is its own
already: its database, its Redis number, its prefix on the bus.
"""

import fcntl
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from koinonia.common.testing.servers import ServerError, Servers, start_servers
from koinonia.common.testing.servers.temporary import temporary_folder

_OUTCOME = "outcome"
_START_SECONDS = 120.0
_TOGETHER = {  # by the beginning of a test's id, the longest first
    "tests/integration/": "the whole system",
    "tests/web/": "the whole system and a browser",  # a second one: both would take six minutes
    "tests/acceptance/attacks/": "the system that strangers attack",
    "tests/acceptance/": "the evening that all seeds share",
    "tests/architecture/": "the syntax tree of every file",
    "services/messaging/tests/test_people_query_plans": "the people at volume",
    "services/messaging/tests/test_audience_query_plans": "the people at volume",
}


class Controller:
    """What the workers of a run share: a folder, and the servers below it."""

    def __init__(self, *, with_servers: bool) -> None:
        self._stack = ExitStack()
        self.folder = self._stack.enter_context(temporary_folder())
        if with_servers:
            start = threading.Thread(target=self._start)
            start.start()
            self._stack.callback(start.join)

    def close(self) -> None:
        """End the servers and remove the folder."""
        self._stack.close()

    def _start(self) -> None:
        outcome = ""
        try:
            start_servers(self.folder, durable=False)
        except Exception as error:  # each test that wants a server is to say why there is none
            outcome = str(error) or repr(error)
        draft = self.folder / f"{_OUTCOME}.new"
        draft.write_text(outcome)
        draft.rename(self.folder / _OUTCOME)


def shared_servers(folder: Path) -> Servers:
    """Wait for the servers that the controller starts below ``folder``."""
    outcome, deadline = folder / _OUTCOME, time.monotonic() + _START_SECONDS
    while not outcome.exists():
        if time.monotonic() > deadline:
            raise ServerError(f"The servers of this run did not start in {_START_SECONDS:.0f} s.")
        time.sleep(0.05)
    if problem := outcome.read_text():
        raise ServerError(problem)
    found = Servers.load(folder)
    if found is None:
        raise ServerError("The servers of this run have ended.")
    return found


class Turns:
    """Whose turn it is: many tests at once, or one that is marked ``alone``."""

    def __init__(self, folder: Path) -> None:
        self._entrance = (folder / "entrance").open("w")
        self._room = (folder / "room").open("w")

    @contextmanager
    def turn(self, *, alone: bool) -> Iterator[None]:
        """Run a test. Who wants to be alone holds the entrance until everybody else has left."""
        fcntl.flock(self._entrance, fcntl.LOCK_EX)
        try:
            fcntl.flock(self._room, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        finally:
            fcntl.flock(self._entrance, fcntl.LOCK_UN)
        try:
            yield
        finally:
            fcntl.flock(self._room, fcntl.LOCK_UN)


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """A file goes to one worker, because its tests share fixtures; so does a group of files that
    share something which takes long to make."""

    def __init__(self, config: pytest.Config, log: object = None) -> None:
        config.option.loadscopereorder = False  # the order is that of `longest_first`
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return _shares(nodeid) or nodeid.partition("::")[0]


def longest_first(items: list[pytest.Item]) -> None:
    """Begin with the groups, so that no worker ends long after the others."""
    places = [*dict.fromkeys(_TOGETHER.values()), None]
    items.sort(key=lambda item: places.index(_shares(item.nodeid)))


def _shares(nodeid: str) -> str | None:
    return next((what for start, what in _TOGETHER.items() if nodeid.startswith(start)), None)
