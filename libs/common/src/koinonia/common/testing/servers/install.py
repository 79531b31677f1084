"""Missing binaries: installed where that is safe to do, else one sentence."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from koinonia.common.testing.servers.errors import ServerError
from koinonia.common.testing.servers.local import Local

_SECONDS = 600
_POLICY = Path("/usr/sbin/policy-rc.d")


def missing(kinds: Sequence[type[Local]]) -> list[type[Local]]:
    return [kind for kind in kinds if kind.find() is None]


def require(kinds: Sequence[type[Local]], *, reason: str = "") -> None:
    """Return when every binary is here, having installed what was missing if it could be.

    ``reason`` says why Docker, which answered, did not help.
    """
    absent = missing(kinds)
    if absent and _may_install():
        reason = _install([kind.package for kind in absent]) or reason
        absent = missing(absent)
    if absent:
        raise ServerError(_sentence(absent, reason))


def package(name: str) -> str:
    """Install one package of Debian if that may be done; empty when it worked, else why not."""
    if not _may_install():
        return "It can be installed here by root alone, with apt-get."
    return _install([name])


def _may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _install(packages: list[str]) -> str:
    """Empty when it worked, else the end of what apt said."""
    print(f"Installing {', '.join(packages)} ...", file=sys.stderr)  # noqa: T201 - takes a minute
    with _no_service_starts():
        for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
            if problem := _apt(command):
                return problem
    return ""


def _apt(arguments: list[str]) -> str:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(  # noqa: S603
            ["apt-get", "-q", *arguments],  # noqa: S607
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"apt-get {arguments[0]} took longer than {_SECONDS} s."
    said = "\n".join((done.stdout + done.stderr).splitlines()[-5:])
    return f"apt-get {arguments[0]} failed:\n{said}" if done.returncode else ""


@contextmanager
def _no_service_starts() -> Iterator[None]:
    """Debian starts what it installs, unless this file exists and answers 101."""
    if _POLICY.exists():
        yield
        return
    _POLICY.write_text("#!/bin/sh\nexit 101\n")
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        _POLICY.unlink(missing_ok=True)


def _sentence(absent: Sequence[type[Local]], reason: str) -> str:
    what = ", ".join(kind.title for kind in absent)
    settings = ", ".join(kind.setting for kind in absent)
    packages = " ".join(kind.package for kind in absent)
    brew = packages.replace("redis-server", "redis").replace("-server", "")
    brew = brew.replace("postgresql", "postgresql@17")
    sentence = (
        f"Not found: {what}. Start Docker, or install with `sudo apt-get install {packages}` "
        f"or `brew install {brew}`, or set {settings}."
    )
    return f"{sentence}\n{reason}" if reason else sentence
