"""``python -m tests.load.bare_app PORT``: the bare framework, a few lines of FastAPI on uvicorn."""

import sys

import uvicorn
from fastapi import FastAPI, Request, Response

KEPT = ("content-type", "content-encoding")


def create_app() -> FastAPI:
    """Answers ``/body`` with what was put there, and counts what is posted to ``/reports``."""
    app = FastAPI(openapi_url=None)
    answer = Response(b"{}", media_type="application/json")
    reports = 0

    @app.get("/body")
    async def body() -> Response:
        return answer

    @app.put("/body")
    async def keep(request: Request) -> None:
        nonlocal answer
        headers = {name: request.headers[name] for name in KEPT if name in request.headers}
        answer = Response(await request.body(), headers=headers)

    @app.post("/reports")
    async def report(request: Request) -> Response:
        nonlocal reports
        await request.body()
        reports += 1
        return Response(b"{}", media_type="application/json")

    @app.get("/reports")
    async def counted() -> int:
        return reports

    return app


if __name__ == "__main__":
    uvicorn.run(
        create_app(),
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
        lifespan="off",
    )
