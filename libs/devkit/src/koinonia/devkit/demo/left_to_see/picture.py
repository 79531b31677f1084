"""A picture that somebody could have taken: the sun above a hill, as a PNG."""

import struct
import zlib

WIDTH, HEIGHT = 640, 420
SUN, RADIUS = (430, 190), 46


def sunrise() -> bytes:
    """The picture, the same every time."""
    rows = (b"\0" + b"".join(bytes(_colour(x, y)) for x in range(WIDTH)) for y in range(HEIGHT))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    data = zlib.compress(b"".join(rows), 9)
    chunks = ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks)


def _colour(x: int, y: int) -> tuple[int, int, int]:
    hill = 300 - (x - 200) ** 2 // 2000
    if y > hill:
        depth = min(60, (y - hill) // 3)
        return (46 + depth // 3, 66 - depth // 3, 58 - depth // 2)
    away = (x - SUN[0]) ** 2 + (y - SUN[1]) ** 2
    if away < RADIUS**2:
        return (255, 236, 190)
    glow = max(0, 90 - int(away**0.5 - RADIUS) // 3)
    return (120 + y * 110 // HEIGHT + glow // 3, 96 + y * 70 // HEIGHT + glow // 2, 110 + glow // 3)


def _chunk(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)
