"""The running system: a process for each part, found again by any other process.

::

    system = System(environment, folder)
    system.start()                        # migrate, start, wait until all are ready
    system.kill("messaging"); system.start_part("messaging")
    system.stop()

Tests, the benchmark and ``make up`` use the same class. What runs is recorded below ``folder``
(``parts/<name>.json``), the output of each part in ``logs/<name>.log``.
"""

import contextlib
import json
import signal
import sys
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx

from koinonia.common.bus import PublishError
from koinonia.common.testing.servers.ports import accepts
from koinonia.common.testing.servers.process import Process, spawn, tail
from koinonia.devkit.environment import Environment
from koinonia.devkit.layout import CARRIER, service_of
from koinonia.devkit.migrations import migrate

READY_SECONDS = 60.0
STOP_SECONDS = 25.0
_POLL_SECONDS = 0.1


class NotStarted(Exception):
    """A part did not come up; the text says which and shows the end of its log."""


@dataclass(frozen=True)
class Part:
    """One process of the system, as it was started."""

    name: str
    port: int
    pid: int
    born: str

    @property
    def process(self) -> Process:
        return Process(self.pid, self.born)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def is_ready(self) -> bool:
        """Its readiness check answers 200."""
        path = "/health" if self.name == CARRIER else "/health/ready"
        with contextlib.suppress(httpx.HTTPError):
            return httpx.get(self.url + path, timeout=5, trust_env=False).status_code == 200
        return False


class System:
    """All parts of one system below one folder."""

    def __init__(self, environment: Environment, folder: Path) -> None:
        self.environment = environment
        self.folder = folder

    @property
    def gateway_url(self) -> str:
        return self.environment.gateway_url

    @property
    def carrier_url(self) -> str:
        return self.environment.url(CARRIER)

    def log(self, part: str) -> Path:
        return self.folder / "logs" / f"{part}.log"

    def start(self, tell: Callable[[str], None] = lambda _: None) -> None:
        """Migrate, start what does not run and wait until all is ready. Raises NotStarted.

        ``tell`` is called with what is being waited for.
        """
        missing = [name for name in self.environment.parts if not self.running(name)]
        refuse_taken_ports({name: self.environment.ports[name] for name in missing})
        tell("Bringing schemas and queues to their present state")
        self._migrate()
        tell("Starting services")
        try:
            for name in missing:
                self.start_part(name)
            self.wait_until_ready(self.environment.parts)
        except BaseException:
            self.stop(missing)
            raise

    def start_part(self, name: str) -> Part:
        """Start one part; :meth:`wait_until_ready` tells when it serves."""
        self.log(name).parent.mkdir(parents=True, exist_ok=True)
        process = spawn(
            [sys.executable, *self._command(name)],
            log=self.log(name),
            env=self.environment.variables(name),
            cwd=self.folder,
        )
        part = Part(name, self.environment.ports[name], process.pid, process.born)
        record = self._record(name)
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text(json.dumps(asdict(part)))
        return part

    def wait_until_ready(self, names: Collection[str]) -> None:
        """Return when every part in ``names`` is ready; NotStarted when one ends or is late."""
        deadline = time.monotonic() + READY_SECONDS
        waiting = set(names)
        with ThreadPoolExecutor(8) as pool:
            while waiting:
                order = sorted(waiting)
                ready = pool.map(lambda name: self._is_ready(name, deadline), order)
                waiting -= {name for name, is_ready in zip(order, ready, strict=True) if is_ready}
                time.sleep(_POLL_SECONDS if waiting else 0)

    def running(self, name: str) -> Part | None:
        return running(self.folder, name)

    def kill(self, name: str) -> None:
        """End a part as a crash would."""
        if part := self.running(name):
            part.process.end(signal.SIGKILL, 5)

    def stop(self, names: Collection[str] | None = None) -> None:
        """End these parts, or all."""
        stop(self.folder, names)

    def _migrate(self) -> None:
        try:
            migrate(self.environment)
        except* PublishError as group:
            raise NotStarted(
                f"RabbitMQ refused a queue: {group.exceptions[0]} It may hold queues that an "
                "older version declared otherwise: remove them, or everything (make down)."
            ) from None

    def _command(self, name: str) -> list[str]:
        if name == CARRIER:
            port = str(self.environment.ports[name])
            memory = str(self.folder / "carrier.json")
            return ["-m", "koinonia.devkit.carrier", "--port", port, "--memory", memory]
        service = service_of(name)
        role = "all" if name == service else "worker"
        return ["-m", f"koinonia.{service}", "run", "--role", role]

    def _is_ready(self, name: str, deadline: float) -> bool:
        part = self.running(name)
        if part and part.is_ready():
            return True
        if part is None or time.monotonic() > deadline:
            what = "is not ready in time" if part else "ended at once"
            raise NotStarted(f"{name} {what}. Its log ends:\n{tail(self.log(name))}")
        return False

    def _record(self, name: str) -> Path:
        return _record(self.folder, name)


def running(folder: Path, name: str) -> Part | None:
    """The part recorded below ``folder``, if it is alive."""
    record = _record(folder, name)
    part = _read(record) if record.exists() else None
    return part if part and part.process.alive() else None


def refuse_taken_ports(ports: Mapping[str, int]) -> None:
    """Raise NotStarted when somebody listens where a part is to."""
    taken = [f"{port} ({name})" for name, port in ports.items() if accepts("127.0.0.1", port)]
    if taken:
        raise NotStarted(
            f"Something else listens on port {', '.join(taken)}. Stop it, or choose another "
            "port for the gateway: KOINONIA_PORT=8081 make up."
        )


def stop(folder: Path, names: Collection[str] | None = None) -> None:
    """End the parts recorded below ``folder``: SIGTERM to all at once, SIGKILL to what is late."""
    records = [r for r in folder.glob("parts/*.json") if names is None or r.stem in names]
    with ThreadPoolExecutor(max(1, len(records))) as pool:
        list(pool.map(_stop, records))


def _stop(record: Path) -> None:
    _read(record).process.end(signal.SIGTERM, STOP_SECONDS)
    record.unlink(missing_ok=True)


def _record(folder: Path, name: str) -> Path:
    return folder / "parts" / f"{name}.json"


def _read(record: Path) -> Part:
    return Part(**json.loads(record.read_text()))
