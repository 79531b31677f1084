"""Make a JPEG of the HEIC on stdin: a program of its own, which :mod:`koinonia.media.heic` starts.

The decoder is C++ that strangers feed. Here it has no secrets, no open file, few seconds and a
limit of memory, and what it breaks is this process.
"""

import io
import resource
import sys

MOST_PIXELS = 25_000_000  # telephones make 24 million; measured: 220 MB and 2 s
MOST_BYTES = 16 * 1024 * 1024
CPU_SECONDS = 20
ADDRESS_SPACE = 1536 * 1024 * 1024  # with libraries and stacks of threads; what is used is less
QUALITY = 88
TOO_MANY_PIXELS, BROKEN = 3, 4


def main() -> int:
    """The exit status; the JPEG is on stdout where it is 0."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        return _convert(sys.stdin.buffer.read(MOST_BYTES + 1))
    except Exception:  # a broken file raises nearly anything
        return BROKEN


def _convert(content: bytes) -> int:
    from pillow_heif import open_heif  # after the limits

    opened = open_heif(io.BytesIO(content), convert_hdr_to_8bit=True)
    width, height = opened.size
    if width * height > MOST_PIXELS:
        return TOO_MANY_PIXELS
    picture = opened.to_pillow()  # upright: the decoder turns it
    picture.info = {}
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=QUALITY)
    sys.stdout.buffer.write(out.getvalue())
    return 0


if __name__ == "__main__":
    sys.exit(main())
