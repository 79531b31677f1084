"""``python -m tests.load.live_alone PORT``: the least that fans out events, bare ASGI on uvicorn.

``GET /events?church=3`` is a stream, ``POST /publish?church=3`` sends its body to all of that
church. No session, no broker, no database: what the server and the machine take by themselves.
"""

import asyncio
import sys
from collections import defaultdict
from typing import Any

import uvicorn

STREAM = [(b"content-type", b"text/event-stream")]
_queues: defaultdict[bytes, list[asyncio.Queue[bytes]]] = defaultdict(list)


async def app(scope: Any, receive: Any, send: Any) -> None:
    church = scope["query_string"]
    if scope["path"] == "/publish":
        body = (await receive())["body"]
        for queue in _queues[church]:
            queue.put_nowait(body)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        return
    own: asyncio.Queue[bytes] = asyncio.Queue()
    own.put_nowait(b"event: hello\ndata: {}\n\n")
    _queues[church].append(own)
    await send({"type": "http.response.start", "status": 200, "headers": STREAM})
    while True:
        body = await own.get()
        await send({"type": "http.response.body", "body": body, "more_body": True})


if __name__ == "__main__":
    uvicorn.run(
        app,
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="critical",
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
