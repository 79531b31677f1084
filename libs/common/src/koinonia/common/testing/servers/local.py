"""A server from a binary of this machine, as a private instance below one folder."""

import os
import secrets
import shutil
import signal
from abc import abstractmethod
from pathlib import Path
from typing import ClassVar, Self

from koinonia.common.testing.servers import ports, server
from koinonia.common.testing.servers.process import Process, tail

STOP_SECONDS = 30.0
USER = "koinonia"


class Local(server.Started):
    """What the three have in common; a subclass knows its files, its command and its protocol."""

    how = "local"
    title: ClassVar[str]  # what to install, as a sentence names it
    setting: ClassVar[str]
    package: ClassVar[str]  # of Debian
    orderly: ClassVar[signal.Signals] = signal.SIGTERM
    abrupt: ClassVar[signal.Signals] = signal.SIGKILL

    def __init__(self, folder: Path, *, durable: bool, state: server.State | None = None) -> None:
        state = state or server.State()
        self.folder = folder
        self.durable: bool = state.get("durable", durable)
        self.port: int = state.get("port") or ports.free_port()
        self.password: str = state.get("password") or secrets.token_hex(16)
        process = state.get("process")
        self.process = Process(**process) if process else None

    @classmethod
    @abstractmethod
    def find(cls) -> Path | None:
        """The binary, when this machine has one that is new enough."""

    @abstractmethod
    def prepare(self) -> None:
        """Write what the server reads when it starts."""

    @abstractmethod
    def launch(self) -> Process:
        """Start the process."""

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    def last_words(self) -> str:
        return tail(self.log)

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process and self.running() else None

    def running(self) -> bool:
        return self.process is not None and self.process.alive()

    def start(self) -> None:
        if not self.running():
            self.folder.mkdir(parents=True, exist_ok=True)
            self.prepare()
            self.process = self.launch()
            self.save()
        self.await_answer()

    def stop(self) -> None:
        self._end(self.orderly)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def discard(self) -> None:
        self._end(self.abrupt)
        shutil.rmtree(self.folder, ignore_errors=True)

    def revived(self) -> Self:
        """Itself, moved to another port when somebody has taken its own while it was down."""
        if not self.running() and not ports.is_free(self.port):
            self.port = ports.free_port()
        return self

    def state(self) -> server.State:
        process = server.recorded_process(self.process)
        return {
            "how": self.how,
            "durable": self.durable,
            "port": self.port,
            "password": self.password,
            "process": process,
        }

    def save(self) -> None:
        server.save(self.folder, self.state())

    def _end(self, sign: signal.Signals) -> None:
        if self.process:
            self.process.end(sign, STOP_SECONDS)


def environment(**extra: str) -> dict[str, str]:
    """A bare environment: settings of the caller's own servers must not leak into ours."""
    path = os.environ.get("PATH", "/usr/local/bin:/usr/bin:/bin")
    return {"PATH": path, "LANG": "C", "TZ": "UTC", **extra}
