"""The public keys of access tokens, as every other service fetches them."""

from fastapi import APIRouter, Response

from koinonia.auth.dependencies import RunningDep

router = APIRouter(tags=["auth"])


@router.get("/.well-known/jwks.json", summary="The keys that verify access tokens")
async def jwks(running: RunningDep, response: Response) -> dict[str, list[dict[str, str]]]:
    response.headers["Cache-Control"] = "public, max-age=300"
    return await running.keys.jwks()
