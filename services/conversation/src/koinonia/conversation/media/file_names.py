"""Names of files: safe to show and to save, ending as what the file is."""

import mimetypes
import re
from pathlib import PurePosixPath, PureWindowsPath
from urllib.parse import unquote, urlsplit

from koinonia.common import visible_text
from koinonia.media.kinds import Kind

MOST_OF_A_NAME = 100  # characters
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}")


def safe_name(given: str | None, kind: Kind) -> str:
    """A name that is safe to show and to save, ending as what the file is."""
    return _stem(given) + kind.extension


def attachment_name(url: str, declared: str | None) -> str | None:
    """What a texted file is called before it is known: as its address ends, else by the carrier's
    word for its kind; None where neither says anything."""
    last = PurePosixPath(unquote(urlsplit(url).path))
    if _ENDING.fullmatch(last.suffix):
        return _stem(last.name) + last.suffix.lower()
    ending = mimetypes.guess_extension((declared or "").partition(";")[0].strip().lower())
    return f"attachment{ending}" if ending else None


def _stem(given: str | None) -> str:
    plain = visible_text.line(PureWindowsPath(PurePosixPath(given or "").name).name)
    stem = re.sub(r'[<>:"|?*\\/;%]', "", plain).rpartition(".")[0] or plain
    return stem.strip(" .")[:MOST_OF_A_NAME] or "file"
