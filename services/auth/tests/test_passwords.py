"""Hashing: bounded in memory, off the loop."""

import asyncio
import threading

from argon2 import PasswordHasher, Type, extract_parameters

from koinonia.auth.errors import TooManySignIns
from koinonia.auth.passwords import AT_ONCE, Passwords

from . import factories


def test_the_parameters_are_those_that_owasp_recommends() -> None:
    made = extract_parameters(Passwords().placeholder_hash)
    chosen = (made.type, made.memory_cost, made.time_cost, made.parallelism)
    assert chosen == (Type.ID, 19456, 2, 1)


async def test_only_a_few_hashes_are_made_at_once_and_never_on_the_loop() -> None:
    seen: list[int] = []

    class Watching(PasswordHasher):
        def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
            seen.append(threading.get_ident())
            return super().hash(password, salt=salt)

    passwords = Passwords(Watching(time_cost=1, memory_cost=1024))
    seen.clear()
    await asyncio.gather(*(passwords.hashed(factories.PASSWORD) for _ in range(12)))
    passwords.close()
    assert len(seen) == 12
    assert len(set(seen)) <= AT_ONCE
    assert threading.get_ident() not in seen


async def test_who_comes_when_too_many_wait_is_told_to_come_back() -> None:
    passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=1024), most_waiting=3)
    wanted = [passwords.hashed(factories.PASSWORD) for _ in range(5)]
    outcomes = await asyncio.gather(*wanted, return_exceptions=True)
    assert [isinstance(outcome, TooManySignIns) for outcome in outcomes] == [False] * 3 + [True] * 2
    assert await passwords.hashed(factories.PASSWORD)
    passwords.close()
