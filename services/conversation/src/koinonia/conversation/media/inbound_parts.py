"""What a part of an inbound text is by its content: a file to keep, words, a layout, or neither."""

from dataclasses import dataclass

from koinonia.conversation.media import file_names
from koinonia.conversation.media.file_rows import FileStatus
from koinonia.media import text_parts
from koinonia.media.images import Workbench
from koinonia.media.kinds import File, Kind, NotTaken

CANNOT_BE_SHOWN = (
    "This attachment cannot be shown. {reason} Ask for a picture, a PDF or a recording."
)
GOES_ON = " …"


@dataclass(frozen=True, slots=True)
class Part:
    """``content`` is what is kept of it, as ``file``; ``words`` belong into the line."""

    status: FileStatus
    content: bytes = b""
    file: File | None = None
    name: str | None = None
    words: str | None = None
    failure: str | None = None


async def recognised(
    images: Workbench, content: bytes, declared: str | None, name: str | None
) -> Part:
    """What came under that name, and with the carrier's word for its kind. Never raises for what
    the content is."""
    if text_parts.is_layout(content):
        return Part(FileStatus.UNSHOWN)
    words = text_parts.words(content, declared)
    if words is not None:
        return _words(content, words, name)
    try:
        file = await images.recognised(content)
        if file.kind is Kind.HEIC:
            content = await images.converted(content)
            file = await images.recognised(content)
    except NotTaken as refusal:
        return Part(FileStatus.REFUSED, failure=CANNOT_BE_SHOWN.format(reason=refusal))
    return Part(FileStatus.STORED, content, file, name and file_names.safe_name(name, file.kind))


def _words(content: bytes, words: str, name: str | None) -> Part:
    """A text that is too long for a line begins there and is kept as a file."""
    if len(words) <= text_parts.MOST_CHARACTERS:
        return Part(FileStatus.UNSHOWN, words=words)
    begun = words[: text_parts.MOST_CHARACTERS] + GOES_ON
    kept = file_names.safe_name(name or "text", Kind.TEXT)
    return Part(FileStatus.STORED, content, File(Kind.TEXT), kept, begun)
