"""Photographs of iPhones (HEIC), made JPEGs that every browser and carrier shows.

The decoder runs in a process of its own (:mod:`koinonia.media.heic_process`): without our secrets,
for a while and with so much memory. What it breaks is a file that is not taken.
"""

import asyncio
import sys

from koinonia.media import heic_process
from koinonia.media.kinds import NotTaken

SECONDS = 30.0
PROGRAM = ("-I", "-m", heic_process.__name__)


async def converted(content: bytes) -> bytes:
    """The same picture as a JPEG, upright, without metadata. Raises ``NotTaken``."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *PROGRAM,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={},
    )
    try:
        async with asyncio.timeout(SECONDS):
            written, _ = await process.communicate(content)
    except TimeoutError:
        raise NotTaken("The image takes too long to be opened. Save it as a JPEG.") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode == heic_process.TOO_MANY_PIXELS:
        raise NotTaken("The image has more pixels than can be shown. Make it smaller.")
    if process.returncode or not written:
        raise NotTaken("The image is broken. Save it anew and try again.")
    return written
