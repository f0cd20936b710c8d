"""HTTP transport to a stage; a listener is told of every call with its response and duration."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Self

import httpx

from vos_contracts.base import stopwatch
from vos_contracts.wire.base import Call, NoListenerError, Response, UnreachableError
from vos_simulators.access import TIMEOUT_S, Access, without_token

Listener = Callable[[Call, Response, float], None]
"""Called with the call, its response and the duration in seconds."""


def _none(call: Call, response: Response, seconds: float) -> None:
    """Ignore the call."""


class HttpTransport:
    """A `Transport` to one base address with pooled keep-alive connections; `timeout` None waits without limit."""

    def __init__(
        self,
        base_url: str,
        listener: Listener = _none,
        timeout: float | None = TIMEOUT_S,
        access: Access | None = None,
    ) -> None:
        self._base_url = without_token(base_url)  # for messages only; httpx sends the credentials of base_url
        tls = access.tls() if access is not None and base_url.startswith("https:") else False
        self._client = httpx.Client(base_url=base_url, timeout=timeout, trust_env=False, verify=tls)
        self._listener = listener

    def send(self, call: Call) -> Response:
        """Send a call and return the response.

        Raises:
            NoListenerError: the connection was refused or timed out.
            UnreachableError: any other transport failure.
        """
        begun = stopwatch.seconds()
        try:
            http = self._client.request(
                call.method,
                call.path,
                headers={name.encode("ascii"): value.encode() for name, value in call.headers.items()},
                content=call.body or None,
            )
        except httpx.TransportError as exc:
            error_type = (
                NoListenerError if isinstance(exc, httpx.ConnectError | httpx.ConnectTimeout) else UnreachableError
            )
            raise error_type(f"{self._base_url}: {call.method} {call.path}: {exc}") from exc
        response = Response(
            http.status_code, {name.lower(): value for name, value in http.headers.items()}, http.content
        )
        self._listener(call, response, stopwatch.seconds() - begun)
        return response

    def close(self) -> None:
        """Close the pooled connections."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, type_: type[BaseException] | None, errors: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
