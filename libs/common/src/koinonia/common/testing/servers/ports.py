"""Ports: a free one to listen on, and whether a server answers on one.

Each probe speaks just enough of the server's own protocol to know that it takes clients: a port
accepts connections well before the server behind it does.
"""

import secrets
import socket
import struct
from contextlib import suppress

LOOPBACK = "127.0.0.1"
_SECONDS = 2.0
# Below the range that the kernel hands to outgoing connections: a client that retries a port of
# that range while the server restarts can be given the port itself and then talks to itself.
_FIRST, _LAST = 20_000, 32_000


def free_port() -> int:
    """A port nobody listens on."""
    while True:
        port = _FIRST + secrets.randbelow(_LAST - _FIRST)
        if is_free(port):
            return port


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def accepts(host: str, port: int, within: float = 5.0) -> bool:
    """Something listens there."""
    with suppress(OSError), socket.create_connection((host, port), within):
        return True
    return False


def redis_answers(host: str, port: int, password: str) -> bool:
    ask = f"AUTH {password}\r\nPING\r\n".encode()
    return _ask(host, port, ask, lines=2).endswith(b"+PONG\r\n")


def rabbitmq_answers(host: str, port: int) -> bool:
    """Listeners open last, so the server's first frame (a method on channel 0) means ready."""
    return _ask(host, port, b"AMQP\x00\x00\x09\x01").startswith(b"\x01\x00\x00")


def postgres_answers(host: str, port: int, user: str) -> bool:
    """A startup message: ``R`` asks for the password, ``E`` says that it is still starting."""
    body = struct.pack("!i", 196608) + f"user\0{user}\0database\0postgres\0\0".encode()
    return _ask(host, port, struct.pack("!i", len(body) + 4) + body).startswith(b"R")


def _ask(host: str, port: int, question: bytes, lines: int = 0) -> bytes:
    answer = b""
    with suppress(OSError), socket.create_connection((host, port), _SECONDS) as link:
        link.settimeout(_SECONDS)
        link.sendall(question)
        while chunk := link.recv(4096):
            answer += chunk
            if answer.count(b"\r\n") >= lines:
                break
    return answer
