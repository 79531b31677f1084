"""Schemas of the routes of files."""

from typing import Self
from uuid import UUID

from pydantic import Field

from koinonia.common.schema import ContentType, Schema
from koinonia.conversation.media import file_links
from koinonia.conversation.media.uploads import Upload
from koinonia.conversation.running import Running


class Uploaded(Schema):
    """A file that is ready to be sent by its ``id``, among the ``mediaIds`` of anything
    that has a text. It is forgotten when nothing has used it for 7 days."""

    id: UUID
    name: str = Field(examples=["map.png"])
    content_type: ContentType = Field(description="by its content", examples=["image/png"])
    bytes: int = Field(description="as it is sent; images are downsized", examples=[48213])
    width: int | None = Field(description="pixels, of an image", examples=[1280])
    height: int | None = Field(description="pixels, of an image", examples=[960])
    url: str = Field(
        description="its address for whoever it is sent to; good for the 7 days that it is kept",
        examples=["https://api.koinonia.example/api/files/0190...?church=...&signature=..."],
    )

    @classmethod
    def from_upload(cls, upload: Upload, running: Running, church_id: UUID) -> Self:
        return cls(
            id=upload.id,
            name=upload.name,
            content_type=upload.content_type,
            bytes=upload.bytes,
            width=upload.width,
            height=upload.height,
            url=file_links.url_until_pruned(running, church_id, upload.id, upload.created_at),
        )
