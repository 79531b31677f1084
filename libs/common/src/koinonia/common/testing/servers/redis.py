"""A private Redis."""

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

from koinonia.common.testing.servers import ports
from koinonia.common.testing.servers.local import Local, environment
from koinonia.common.testing.servers.process import Process, spawn

_OLDEST = 7
_CONFIG = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir "{folder}"
databases 256
save ""
appendonly {appendonly}
"""


class Redis(Local):
    name = "redis"
    title = f"Redis {_OLDEST} or newer"
    setting = "KOINONIA_REDIS_URL"
    package = "redis-server"

    @classmethod
    def find(cls) -> Path | None:
        found = shutil.which("redis-server")
        return Path(found) if found and _version(found) >= _OLDEST else None

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@{ports.LOOPBACK}:{self.port}/0"

    def prepare(self) -> None:
        config = self.folder / "redis.conf"
        config.touch(mode=0o600)
        config.write_text(
            _CONFIG.format(
                port=self.port,
                password=self.password,
                folder=self.folder,
                appendonly="yes" if self.durable else "no",
            )
        )

    def launch(self) -> Process:
        command = [str(self.find()), str(self.folder / "redis.conf")]
        return spawn(command, log=self.log, env=environment(), cwd=self.folder)

    def answers(self) -> bool:
        return ports.redis_answers(ports.LOOPBACK, self.port, self.password)


@cache
def _version(binary: str) -> int:
    command = [binary, "--version"]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)  # noqa: S603
    found = re.search(r"v=(\d+)", answer.stdout)
    return int(found[1]) if found else 0
