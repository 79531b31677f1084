"""A private RabbitMQ, with a private epmd.

Erlang nodes find each other through the port mapper daemon epmd, which a node starts on demand and
leaves behind. Ours is started first, on a port of its own, and ended last, so nothing remains and
an epmd of the system is never touched.
"""

import re
import shutil
import signal
from pathlib import Path
from typing import Self

from typing_extensions import override

from koinonia.common.testing.servers import ports, server
from koinonia.common.testing.servers.errors import ServerError
from koinonia.common.testing.servers.local import USER, Local, environment
from koinonia.common.testing.servers.process import Process, spawn

_OLDEST = (3, 10)
_CONFIG = """\
listeners.tcp.1 = 127.0.0.1:{port}
default_user = {user}
default_pass = {password}
disk_free_limit.absolute = 50MB
vm_memory_high_watermark.absolute = 1GB
raft.wal_max_size_bytes = 64000000
log.file = false
log.console = true
log.connection.level = warning
management.tcp.ip = 127.0.0.1
management.tcp.port = {management_port}
management_agent.disable_metrics_collector = true
"""


class RabbitMQ(Local):
    name = "rabbitmq"
    title = "RabbitMQ 3.10 or newer"
    setting = "KOINONIA_RABBITMQ_URL"
    package = "rabbitmq-server"

    def __init__(self, folder: Path, *, durable: bool, state: server.State | None = None) -> None:
        super().__init__(folder, durable=durable, state=state)
        state = state or server.State()
        self.management_port: int = state.get("management_port") or ports.free_port()
        self.node_port: int = state.get("node_port") or ports.free_port()
        self.epmd_port: int = state.get("epmd_port") or ports.free_port()
        epmd = state.get("epmd")
        self.epmd = Process(**epmd) if epmd else None

    @classmethod
    def find(cls) -> Path | None:
        """Not Debian's wrapper on the path, which insists on a user: what it wraps does not."""
        packaged = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
        found = str(packaged) if packaged.exists() else shutil.which("rabbitmq-server")
        return Path(found) if found and _version(Path(found).resolve()) >= _OLDEST else None

    @property
    def url(self) -> str:
        return f"amqp://{USER}:{self.password}@{ports.LOOPBACK}:{self.port}/"

    @property
    @override
    def management_url(self) -> str:
        return f"http://{USER}:{self.password}@{ports.LOOPBACK}:{self.management_port}"

    def prepare(self) -> None:
        config = self.folder / "rabbitmq.conf"
        config.touch(mode=0o600)
        config.write_text(
            _CONFIG.format(
                port=self.port,
                user=USER,
                password=self.password,
                management_port=self.management_port,
            )
        )
        (self.folder / "enabled_plugins").write_text("[rabbitmq_management].\n")
        sync = "datasync" if self.durable else "none"
        (self.folder / "advanced.config").write_text(f"[{{ra, [{{wal_sync_method, {sync}}}]}}].\n")

    def launch(self) -> Process:
        if not (self.epmd and self.epmd.alive()):
            self.epmd = self._spawn([_epmd()], log=self.folder / "epmd.log")
        return self._spawn([str(self.find())], log=self.log)

    def answers(self) -> bool:
        return ports.rabbitmq_answers(ports.LOOPBACK, self.port) and ports.accepts(
            ports.LOOPBACK, self.management_port
        )

    def stop(self) -> None:
        super().stop()
        self._end_epmd()

    def discard(self) -> None:
        self._end(self.abrupt)
        self._end_epmd()
        super().discard()

    def revived(self) -> Self:
        if not self.running():
            self.node_port, self.epmd_port = ports.free_port(), ports.free_port()
            self.management_port = ports.free_port()
            self._end_epmd()
        return super().revived()

    def state(self) -> server.State:
        state = super().state()
        state["node_port"], state["epmd_port"] = self.node_port, self.epmd_port
        state["management_port"] = self.management_port
        state["epmd"] = server.recorded_process(self.epmd)
        return state

    def _end_epmd(self) -> None:
        if self.epmd:
            self.epmd.end(signal.SIGTERM, 5)

    def _spawn(self, command: list[str], log: Path) -> Process:
        files = self.folder
        settings = environment(
            HOME=str(files),  # where the Erlang cookie is kept
            ERL_EPMD_PORT=str(self.epmd_port),
            ERL_EPMD_ADDRESS=ports.LOOPBACK,
            RABBITMQ_NODENAME=f"{USER}@localhost",
            RABBITMQ_NODE_PORT=str(self.port),
            RABBITMQ_DIST_PORT=str(self.node_port),
            RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}",
            RABBITMQ_MNESIA_BASE=str(files / "data"),
            RABBITMQ_LOG_BASE=str(files / "log"),
            RABBITMQ_CONFIG_FILE=str(files / "rabbitmq.conf"),
            RABBITMQ_ADVANCED_CONFIG_FILE=str(files / "advanced.config"),
            RABBITMQ_ENABLED_PLUGINS_FILE=str(files / "enabled_plugins"),
            RABBITMQ_CONF_ENV_FILE="/dev/null",
            detached="1",  # the script then becomes the server, so its pid is the server's
        )
        return spawn(command, log=log, env=settings, cwd=files)


def _version(binary: Path) -> tuple[int, int]:
    """From the path it is installed under; asking the server itself takes seconds."""
    found = re.search(r"rabbitmq(?:_server)?[-/](\d+)\.(\d+)", str(binary))
    return (int(found[1]), int(found[2])) if found else _OLDEST


def _epmd() -> str:
    """It is on the path, or beside ``erl``."""
    erl = shutil.which("erl")
    beside = Path(erl).resolve().parent / "epmd" if erl else None
    found = shutil.which("epmd") or (str(beside) if beside and beside.exists() else None)
    if not found:
        raise ServerError("RabbitMQ is here, but Erlang's epmd is not. Install Erlang whole.")
    return found
