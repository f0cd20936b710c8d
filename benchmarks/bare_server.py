"""A server of the stage's HTTP library (uvicorn) that answers two fixed bodies; `stubs` starts it for `bench`.

    python benchmarks/bare_server.py PORT FILE

It shows how much of a call's processor time the HTTP library takes by itself. FILE holds a JSON list of two texts: the
answer to GET and the answer to every other method. It prints nothing.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import uvicorn


def main() -> None:
    """Serve GET with the first text of the file and every other method with the second."""
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
