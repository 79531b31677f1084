"""Files that people text, kept by the carrier and shown under addresses of its own."""

import base64
from collections.abc import Mapping, Sequence
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


class Media:
    """What was texted, by the name in its address, with the type that the carrier claims."""

    def __init__(self) -> None:
        self._files: dict[str, tuple[bytes, str | None]] = {}

    def keep(self, content: bytes, kind: str | None) -> str:
        """Its path."""
        name = uuid4().hex
        self._files[name] = content, kind
        return f"/media/{name}"

    def keep_all(self, files: Sequence[Mapping[str, str]], base_url: str) -> list[str]:
        """Addresses of ``[{content, contentType?}]``; ``content`` is base64. A type of null or a
        wrong one is told as it is: carriers do that. Raises ``ValueError``."""
        kept = [
            self.keep(base64.b64decode(file["content"], validate=True), file.get("contentType"))
            for file in files
        ]
        return [base_url.rstrip("/") + path for path in kept]

    def declared(self, url: str) -> str | None:
        """The type that the carrier claims of a file; None where it is not kept here."""
        return self._files.get(url.rpartition("/")[2], (b"", None))[1]

    def clear(self) -> None:
        """From now on they are 404, as links that have expired."""
        self._files.clear()

    def answer(self, name: str) -> Response:
        if name not in self._files:
            return Response(status_code=404)
        content, kind = self._files[name]
        return Response(content, headers={"Content-Type": kind} if kind else None)


async def show(request: Request) -> Response:
    media: Media = request.app.state.network.media
    return media.answer(request.path_params["name"])


ROUTES = [Route("/media/{name}", show)]
