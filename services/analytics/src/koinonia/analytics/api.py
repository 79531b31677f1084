"""The routes of analytics."""

from fastapi import APIRouter
from pydantic import JsonValue
from starlette.responses import Response

from koinonia.analytics import dashboard
from koinonia.analytics.dependencies import RunningDep
from koinonia.analytics.schemas import Stats
from koinonia.common.web import CurrentAdmin, TagsDep, kept

FRESH_SECONDS = 240
STALE_SECONDS = 60
# Figures of "the last thirty days" may be of yesterday for five minutes, wherever they are kept.
KEPT_SECONDS = 60
KEPT = kept(dashboard.tag("{church}"), seconds=KEPT_SECONDS)

router = APIRouter(prefix="/api/analytics", tags=["analytics"])


@router.get("/stats", response_model=Stats, dependencies=KEPT)
async def read_dashboard(running: RunningDep, admin: CurrentAdmin, tags: TagsDep) -> Response:
    """The dashboard: what was sent, what became of it, and the last thirty days."""
    church_id = admin.church_id

    async def compute() -> dict[str, JsonValue]:
        # One snapshot, so that the days and the totals are of the same moment.
        async with running.replica.transaction(
            church_id, isolation="REPEATABLE READ", read_only=True
        ) as session:
            found = Stats.from_figures(*await dashboard.figures(session, church_id))
        return found.model_dump(mode="json", by_alias=True)

    kept = await running.cache.fetch_bytes(
        f"stats:{church_id}",
        compute,
        ttl=FRESH_SECONDS,
        stale=STALE_SECONDS,
        tags=(dashboard.tag(church_id),),
    )
    tags.compare(kept)
    return Response(kept, media_type="application/json")
