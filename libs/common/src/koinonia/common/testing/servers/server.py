"""One server, given or started, and the file by which another process finds it again."""

import json
import os
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, TypedDict
from urllib.parse import urlsplit, urlunsplit

from koinonia.common.testing.servers import ports
from koinonia.common.testing.servers.errors import ServerError
from koinonia.common.testing.servers.process import Process

START_SECONDS = 90.0
_STATE = "state.json"


class ProcessState(TypedDict):
    """A process, see :class:`koinonia.common.testing.servers.process.Process`."""

    pid: int
    born: str


class State(TypedDict, total=False):
    """What is kept of a server in its file; which fields, depends on ``how``."""

    how: str
    setting: str
    url: str
    durable: bool
    host: str
    port: int
    password: str
    container: str
    process: ProcessState | None
    node_port: int
    management_port: int
    epmd_port: int
    epmd: ProcessState | None


@dataclass(frozen=True)
class Row:
    """What ``make status`` shows of a server."""

    name: str
    how: str
    url: str
    pid: int | None
    running: bool


class Server(ABC):
    """Start, stop and kill keep the address and, where the server keeps any, the data."""

    how: ClassVar[str]
    name: str

    @property
    @abstractmethod
    def url(self) -> str:
        """With user and password."""

    @property
    def management_url(self) -> str | None:
        """Of the HTTP interface by which users are made; None where the server has none for us."""
        return None

    @property
    def pid(self) -> int | None:
        return None

    @abstractmethod
    def running(self) -> bool: ...

    @abstractmethod
    def start(self) -> None:
        """Return when the server takes clients; at once when it already does."""

    @abstractmethod
    def stop(self) -> None:
        """End it in order."""

    @abstractmethod
    def kill(self) -> None:
        """End it without warning, as a crash would."""

    @abstractmethod
    def discard(self) -> None:
        """End it for good, in the quickest way that leaves nothing behind."""

    def describe(self) -> Row:
        return Row(self.name, self.how, without_password(self.url), self.pid, self.running())


class Started(Server):
    """A server that was started here, so that it is also ours to end."""

    durable: bool

    @abstractmethod
    def answers(self) -> bool:
        """It takes clients."""

    @abstractmethod
    def last_words(self) -> str:
        """The end of its log."""

    def await_answer(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if not self.running():
                raise ServerError(self.complaint("ended while it was starting"))
            if time.monotonic() > deadline:
                raise ServerError(self.complaint(f"did not answer in {START_SECONDS:.0f} s"))
            time.sleep(0.05)

    def complaint(self, what: str) -> str:
        return f"{self.name} {what}. The end of its log:\n{self.last_words()}"


class Given(Server):
    """A server by URL: somebody else's, so it is used and never stopped."""

    how = "url"
    _PORTS: ClassVar = {"postgres": 5432, "rabbitmq": 5672, "redis": 6379}

    def __init__(self, folder: Path, name: str, state: State) -> None:
        self.folder, self.name = folder, name
        self.setting: str = state["setting"]
        self._url: str = state["url"]

    @property
    def url(self) -> str:
        return self._url

    def running(self) -> bool:
        parts = urlsplit(self.url)
        return ports.accepts(parts.hostname or "", parts.port or self._PORTS[self.name])

    def start(self) -> None:
        if not self.running():
            raise ServerError(
                f"{self.setting} is set, but nothing answers at {without_password(self.url)}. "
                f"Start that server, or unset {self.setting} to have one started."
            )
        save(self.folder, {"how": self.how, "setting": self.setting, "url": self.url})

    def stop(self) -> None:
        raise ServerError(f"{self.name} came by {self.setting}: stop it where it was started.")

    kill = stop

    def discard(self) -> None:
        """Nothing: what was not started here is not ended here."""


def save(folder: Path, state: State) -> None:
    """Write a server's state, readable by its owner alone: it holds the password."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{_STATE}.new"
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
        json.dump(state, file)
    draft.replace(folder / _STATE)


def saved(folder: Path) -> State | None:
    """The state written by :func:`save`, None when there is none."""
    path = folder / _STATE
    state: State | None = json.loads(path.read_text()) if path.exists() else None
    return state


def recorded_process(process: Process | None) -> ProcessState | None:
    return {"pid": process.pid, "born": process.born} if process else None


def without_password(url: str) -> str:
    parts = urlsplit(url)
    user, at, address = parts.netloc.rpartition("@")
    name = user.partition(":")[0]
    return urlunsplit(parts._replace(netloc=f"{name}{at if name else ''}{address}", query=""))
