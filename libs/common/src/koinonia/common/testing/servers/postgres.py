"""A private PostgreSQL."""

import ctypes
import hashlib
import os
import pwd
import re
import shutil
import signal
import subprocess
from contextlib import suppress
from functools import cache
from pathlib import Path

from koinonia.common.testing.servers import ports
from koinonia.common.testing.servers.errors import ServerError
from koinonia.common.testing.servers.local import USER, Local, environment
from koinonia.common.testing.servers.process import Process, spawn
from koinonia.common.testing.servers.server import START_SECONDS

_OLDEST = 15
_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "300",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "dynamic_shared_memory_type": "mmap",  # in the data folder, so that it goes with it
}
# A test's data may vanish with the machine; waiting for the disk is most of what a test would do.
_CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres(Local):
    name = "postgres"
    title = f"PostgreSQL {_OLDEST} or newer"
    setting = "KOINONIA_DATABASE_URL"
    package = "postgresql"
    orderly = signal.SIGINT  # "fast": clients are disconnected, not waited for
    abrupt = signal.SIGQUIT  # a killed one would leave its shared memory behind

    @classmethod
    def find(cls) -> Path | None:
        """The folder of the newest ``postgres`` that has ``initdb`` beside it."""
        on_path = shutil.which("postgres")
        folders = [Path(on_path).resolve().parent] if on_path else []
        for place in _PLACES:
            folders.extend(Path("/").glob(place.removeprefix("/")))
        whole = [folder for folder in folders if (folder / "initdb").exists()]
        newest = max(whole, key=_version, default=None)
        return newest if newest and _version(newest) >= _OLDEST else None

    @property
    def url(self) -> str:
        return f"postgresql://{USER}:{self.password}@{ports.LOOPBACK}:{self.port}/postgres"

    @property
    def data(self) -> Path:
        """Below the folder, unless the other user that it runs as cannot get there."""
        owner = _owner()
        if owner is None or _reaches(owner, self.folder):
            return self.folder / "data"
        mark = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        return Path("/var/tmp") / f"koinonia-postgres-{mark}" / "data"  # noqa: S108 - 0700, ours

    def prepare(self) -> None:
        """Initialise beside the final place: an interrupted start leaves no half cluster there."""
        if self.data.exists():
            return
        draft, password = self.data.with_name("data.new"), self.data.with_name("password")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True, mode=0o700)
        password.touch(mode=0o600)
        password.write_text(self.password)
        _chown(draft, password)
        try:
            self._initialise(draft, password)
        finally:
            password.unlink()
        draft.rename(self.data)

    def launch(self) -> Process:
        settings = _SETTINGS if self.durable else _SETTINGS | _CARELESS
        command = [f"{self.find()}/postgres", "-D", str(self.data), "-p", str(self.port)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        return spawn(command, log=self.log, env=environment(), cwd=self.data, owner=_owner())

    def answers(self) -> bool:
        return ports.postgres_answers(ports.LOOPBACK, self.port, USER)

    def discard(self) -> None:
        data = self.data
        self._end(self.abrupt)
        _free_shared_memory(data)
        super().discard()
        shutil.rmtree(data.parent, ignore_errors=True)

    def _initialise(self, draft: Path, password: Path) -> None:
        command = [f"{self.find()}/initdb", "-D", str(draft), "-U", USER, "-E", "UTF8"]
        command += ["--auth=scram-sha-256", f"--pwfile={password}", f"--locale={_locale()}"]
        command += [] if self.durable else ["--no-sync"]
        initdb = spawn(command, log=self.log, env=environment(), cwd=draft, owner=_owner())
        if initdb.result(START_SECONDS) != 0:
            raise ServerError(self.complaint("could not set up its data"))


def _owner() -> tuple[int, int] | None:
    """Whom to run as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return user.pw_uid, user.pw_gid
    raise ServerError("PostgreSQL does not run as root. Create a user: useradd postgres")


def _chown(*paths: Path) -> None:
    if owner := _owner():
        for path in paths:
            os.chown(path, *owner)


def _reaches(owner: tuple[int, int], folder: Path) -> bool:
    user, group = owner
    command = ["test", "-x", str(folder)]
    return not subprocess.run(  # noqa: S603
        command, user=user, group=group, extra_groups=[], timeout=10, check=False
    ).returncode


def _free_shared_memory(data: Path) -> None:
    """Remove the segment of a server that was ended before it could do so itself.

    The seventh line of its ``postmaster.pid`` holds the segment's key and id.
    """
    with suppress(FileNotFoundError, IndexError):
        segment = int((data / "postmaster.pid").read_text().splitlines()[6].split()[1])
        ctypes.CDLL(None).shmctl(segment, 0, None)  # 0 is IPC_RMID on Linux and macOS


def _locale() -> str:
    """UTF-8 knows the case of ``É``; plain C does not, and is all that some systems have."""
    if not (binary := shutil.which("locale")):
        return "C"
    command = [binary, "-a"]
    listing = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)  # noqa: S603
    known = listing.stdout.split()
    return next((name for name in known if name.lower() in ("c.utf-8", "c.utf8")), "C")


@cache
def _version(folder: Path) -> int:
    command = [str(folder / "postgres"), "--version"]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)  # noqa: S603
    found = re.search(r"(\d+)", answer.stdout)
    return int(found[1]) if found else 0
