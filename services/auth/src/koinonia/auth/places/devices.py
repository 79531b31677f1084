"""What a user agent says of a device, in two words that a person knows.

A user agent is a claim; it serves to know one's own devices again, and decides nothing.
"""

import re
from typing import NamedTuple

# The first that occurs: most name those below them too.
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "CrOS": "ChromeOS",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}
_PROGRAM = re.compile(r"[A-Za-z][\w.-]{0,39}")


class Device(NamedTuple):
    """A browser or a program, and the system it runs on, as far as they are known."""

    name: str | None
    system: str | None


def named(user_agent: str | None) -> Device:
    """``Firefox`` on ``Windows``; of a program the name that it gives itself."""
    agent = user_agent or ""
    system = _first(SYSTEMS, agent)
    if agent.startswith("Mozilla/"):
        return Device(_first(BROWSERS, agent), system)
    program = _PROGRAM.match(agent)
    return Device(program[0] if program else None, system)


def _first(names: dict[str, str], agent: str) -> str | None:
    return next((name for mark, name in names.items() if mark in agent), None)
