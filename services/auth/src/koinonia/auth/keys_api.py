"""The route where every other service finds the keys of access tokens."""

from typing import Any

from fastapi import APIRouter, Response

from koinonia.auth.api import PartsDep

router = APIRouter(tags=["auth"])


@router.get("/.well-known/jwks.json", summary="The keys that verify access tokens")
async def jwks(parts: PartsDep, response: Response) -> dict[str, Any]:
    response.headers["Cache-Control"] = "public, max-age=300"
    return await parts.keys.jwks()
