"""A server with the stage's HTTP library and event loop, and two fixed answers: what the stage cannot exceed.

`dummies` starts it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import uvicorn


def main() -> None:
    """Answer GET with the first text of the file, everything else with the second."""
    port, file = sys.argv[1:]
    read_body, created = (text.encode() for text in json.loads(Path(file).read_text("utf-8")))

    async def app(scope: Any, receive: Any, send: Any) -> None:
        body = read_body
        if scope["method"] != "GET":
            await receive()
            body = created
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    uvicorn.run(
        app, port=int(port), lifespan="off", log_config=None, access_log=False, server_header=False, date_header=False,
        ws="none", proxy_headers=False,
    )  # fmt: skip


if __name__ == "__main__":
    main()
