"""A transport to an in-process application for synchronous tests: runs its coroutine to the end in one shared event loop."""

from __future__ import annotations

import asyncio
import atexit
from functools import cache
from typing import Any

from vos_contracts.wire.asgi.endpoint import AsgiTransport
from vos_contracts.wire.base import Call, Response

PASSES = 1_000_000
"""Maximum turns of the loop per call: emptying a stage or moving its clock takes many, and none of them waits."""


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """Return the event loop that runs all calls of the process."""
    loop = asyncio.new_event_loop()
    atexit.register(loop.close)
    return loop


class Direct:
    """Sends calls to an ASGI application in this process; yields to its background tasks but never waits for I/O."""

    def __init__(self, app: Any) -> None:
        self._transport = AsgiTransport(app)

    def send(self, call: Call) -> Response:
        return _loop().run_until_complete(self._finished(call))

    async def _finished(self, call: Call) -> Response:
        task = asyncio.ensure_future(self._transport.send(call))
        for _ in range(PASSES):
            if task.done():
                return task.result()
            await asyncio.sleep(0)
        raise AssertionError("the application waited for something")
