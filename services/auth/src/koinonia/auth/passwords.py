"""Passwords: argon2id, a few at a time, never on the event loop."""

import asyncio
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import VerifyMismatchError

from koinonia.auth.errors import TooManySignIns

AT_ONCE = 2
MOST_WAITING = 100  # some seconds of work; later ones are refused

# OWASP, Password Storage Cheat Sheet: argon2id with 19 MiB, two passes, one lane.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)

P = ParamSpec("P")
T = TypeVar("T")


class Passwords:
    """Hashes and checks passwords. ``AT_ONCE`` threads bound the memory and leave other cores free.
    Raises ``TooManySignIns`` when ``most_waiting`` wait already."""

    def __init__(self, hasher: PasswordHasher = HASHER, most_waiting: int = MOST_WAITING) -> None:
        self._hasher = hasher
        self._most_waiting = most_waiting
        self._waiting = 0
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="argon2")
        # Compared with the password for an unknown address, so that this takes as long.
        self.placeholder_hash = hasher.hash(secrets.token_urlsafe())

    async def hashed(self, password: str) -> str:
        return await self._in_thread(self._hasher.hash, _composed(password))

    async def match(self, password_hash: str, password: str) -> bool:
        try:
            return await self._in_thread(self._hasher.verify, password_hash, _composed(password))
        except VerifyMismatchError:
            return False

    def outdated(self, password_hash: str) -> bool:
        """Whether it was made with other parameters than the present ones."""
        return self._hasher.check_needs_rehash(password_hash)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _in_thread(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self._waiting >= self._most_waiting:
            raise TooManySignIns
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, lambda: work(*args, **kwargs))
        finally:
            self._waiting -= 1


def _composed(password: str) -> str:
    """An é typed on one keyboard is two characters on another (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)
