"""A transport to an application in this process that waits for nobody: its coroutine is driven to its end, turn by turn."""

from __future__ import annotations

import asyncio
import atexit
from functools import cache
from typing import Any

from vos_contracts.wire.asgi.endpoint import AsgiTransport
from vos_contracts.wire.base import Call, Response

PASSES = 1_000_000
"""Turns of the loop: emptying a stage or moving its clock takes many, and none of them waits."""


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """Make the loop that all calls of the process are driven by."""
    loop = asyncio.new_event_loop()
    atexit.register(loop.close)
    return loop


class Direct:
    """A transport to an application in this process that lets others come to and never waits: driven to its end."""

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
