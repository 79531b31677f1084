"""A server in a container, through testcontainers.

Without durability testcontainers' own reaper removes the container when this process ends, however
it ends. A durable one is left to whoever reads its state.
"""

import secrets
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

from typing_extensions import override

from koinonia.common.testing.servers import ports, server
from koinonia.common.testing.servers.local import USER

_STOP_SECONDS = 20


@dataclass(frozen=True)
class Image:
    """How one server is run and reached; ``{password}`` is filled in. ``management_port`` is that
    of an HTTP interface beside it."""

    name: str
    port: int
    url: str
    environment: dict[str, str]
    command: list[str]
    answers: Callable[[str, int, str], bool]
    management_port: int | None = None


IMAGES = {
    "postgres": Image(
        name="postgres:17-alpine",
        port=5432,
        url=f"postgresql://{USER}:{{password}}@{{host}}:{{port}}/postgres",
        environment={"POSTGRES_USER": USER, "POSTGRES_PASSWORD": "{password}", "TZ": "UTC"},
        command=["postgres", "-c", "max_connections=300", "-c", "timezone=UTC", "-c", "jit=off"],
        answers=lambda host, port, _: ports.postgres_answers(host, port, USER),
    ),
    "rabbitmq": Image(
        name="rabbitmq:4.1-management-alpine",
        port=5672,
        url=f"amqp://{USER}:{{password}}@{{host}}:{{port}}/",
        environment={"RABBITMQ_DEFAULT_USER": USER, "RABBITMQ_DEFAULT_PASS": "{password}"},
        command=[],
        answers=lambda host, port, _: ports.rabbitmq_answers(host, port),
        management_port=15672,
    ),
    "redis": Image(
        name="redis:7-alpine",
        port=6379,
        url="redis://:{password}@{host}:{port}/0",
        environment={},
        command=["redis-server", "--requirepass", "{password}", "--databases", "256"],
        answers=ports.redis_answers,
    ),
}
_CARELESS = {"postgres": ["-c", "fsync=off", "-c", "full_page_writes=off"]}


def engine_answers(within: float = 5.0) -> bool:
    """A Docker engine is running; the client alone is not enough."""
    if not (docker := shutil.which("docker")):
        return False
    command = [docker, "info", "--format", "{{.ServerVersion}}"]
    try:
        answer = subprocess.run(  # noqa: S603
            command, capture_output=True, timeout=within, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return answer.returncode == 0 and bool(answer.stdout.strip())


class Container(server.Started):
    how: ClassVar[str] = "docker"

    def __init__(self, folder: Path, name: str, *, durable: bool) -> None:
        self.folder, self.name, self.durable = folder, name, durable
        self.image = IMAGES[name]
        self.password = secrets.token_hex(16)
        self.host, self.port = ports.LOOPBACK, ports.free_port()
        self.management_port = ports.free_port()
        self._container: Any = None  # Any: docker has no types

    @classmethod
    def saved(cls, folder: Path, name: str, state: server.State) -> Self | None:
        """The container that another process started; None when it or the engine is gone."""
        import docker  # type: ignore[import-untyped]  # needed only where Docker is

        try:
            container = docker.from_env(timeout=30).containers.get(state["container"])
        except (docker.errors.DockerException, OSError):
            return None
        self = cls(folder, name, durable=state["durable"])
        self.host, self.port, self.password = state["host"], state["port"], state["password"]
        self.management_port = state.get("management_port", self.management_port)
        self._container = container
        return self

    def create(self) -> None:
        """Fetch the image if needed and start the container, without waiting for the server."""
        from testcontainers.core.config import testcontainers_config
        from testcontainers.core.container import DockerContainer

        if self.durable:
            testcontainers_config.ryuk_disabled = True
        command = self.image.command + ([] if self.durable else _CARELESS.get(self.name, []))
        box = DockerContainer(self.image.name).with_bind_ports(self.image.port, self.port)
        if self.image.management_port:
            box.with_bind_ports(self.image.management_port, self.management_port)
        for key, value in self.image.environment.items():
            box.with_env(key, value.format(password=self.password))
        if command:
            box.with_command([part.format(password=self.password) for part in command])
        try:
            box.start()
            self.host = box.get_container_host_ip()
            self.port = box.get_exposed_port(self.image.port)
            if self.image.management_port:
                self.management_port = box.get_exposed_port(self.image.management_port)
        except BaseException:
            box.stop()
            raise
        self._container = box.get_wrapped_container()
        self._save()

    @property
    def url(self) -> str:
        return self.image.url.format(password=self.password, host=self.host, port=self.port)

    @property
    @override
    def management_url(self) -> str | None:
        if self.image.management_port is None:
            return None
        return f"http://{USER}:{self.password}@{self.host}:{self.management_port}"

    def running(self) -> bool:
        if self._container is None:
            return False
        self._container.reload()
        return bool(self._container.status == "running")

    def start(self) -> None:
        if not self.running():
            self._container.start()
        self.await_answer()

    def stop(self) -> None:
        self._container.stop(timeout=_STOP_SECONDS)

    def kill(self) -> None:
        if self.running():
            self._container.kill()

    def discard(self) -> None:
        if self._container is not None:
            self._container.remove(force=True, v=True)
            self._container = None

    def answers(self) -> bool:
        return self.image.answers(self.host, self.port, self.password) and (
            self.image.management_port is None or ports.accepts(self.host, self.management_port)
        )

    def last_words(self) -> str:
        return str(self._container.logs(tail=15).decode(errors="replace"))

    def _save(self) -> None:
        state: server.State = {
            "how": self.how,
            "durable": self.durable,
            "container": self._container.id,
            "host": self.host,
            "port": self.port,
            "password": self.password,
            "management_port": self.management_port,
        }
        server.save(self.folder, state)
