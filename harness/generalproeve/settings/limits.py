"""The limits of a stage on its callers: sizes, nesting, times and connections (docs/limits.md).

The HTTP server enforces the limits on the connection; the edge of the services those on the body.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from generalproeve.settings.reading import Setting
from vos_contracts.wire.asgi.body import STANDARD, BodyLimits

MAX_BODY, MAX_DEPTH, MAX_ATTRIBUTES, MAX_HEADERS = 64 * 1024 * 1024, 200, 10_000, 1024 * 1024
MAX_CONNECTIONS, MAX_SECONDS = 100_000, 3600
"""The highest value of each; libxml2 itself parses at most 256 levels."""


def _count(limit: int) -> str:
    return f"must be a whole number, more than 0 and at most {limit}"


_SECONDS = f"must be seconds, more than 0 and at most {MAX_SECONDS}"


class Limits(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Bytes of a body and of a request's line and headers, levels of nesting, attributes, connections, calls, and seconds."""

    body: Annotated[int, Meta(gt=0, le=MAX_BODY), Setting(help="Bytes of a request body.", rule=_count(MAX_BODY))] = (
        STANDARD.body
    )
    depth: Annotated[
        int,
        Meta(gt=0, le=MAX_DEPTH),
        Setting(help="Nesting levels of elements in XML, and of objects and arrays in JSON.", rule=_count(MAX_DEPTH)),
    ] = STANDARD.depth
    attributes: Annotated[
        int,
        Meta(gt=0, le=MAX_ATTRIBUTES),
        Setting(help="Attributes and namespace declarations in an XML document.", rule=_count(MAX_ATTRIBUTES)),
    ] = STANDARD.attributes
    headers: Annotated[
        int,
        Meta(gt=0, le=MAX_HEADERS),
        Setting(help="Bytes of the request line and the headers together.", rule=_count(MAX_HEADERS)),
    ] = 32 * 1024
    connections: Annotated[
        int,
        Meta(gt=0, le=MAX_CONNECTIONS),
        Setting(help="Open connections per port.", rule=_count(MAX_CONNECTIONS)),
    ] = 2000
    waiting: Annotated[
        int,
        Meta(gt=0, le=MAX_CONNECTIONS),
        Setting(help="Calls to the services that are worked on or wait; beyond it 503.", rule=_count(MAX_CONNECTIONS)),
    ] = 256
    header_seconds: Annotated[
        float,
        Meta(gt=0, le=MAX_SECONDS),
        Setting(help="Seconds from the first byte to the last header.", rule=_SECONDS),
    ] = 10.0
    body_seconds: Annotated[
        float,
        Meta(gt=0, le=MAX_SECONDS),
        Setting(help="Seconds from the last header to the last byte of the body.", rule=_SECONDS),
    ] = 30.0
    idle_seconds: Annotated[
        float,
        Meta(gt=0, le=MAX_SECONDS),
        Setting(help="Seconds between two requests on one connection.", rule=_SECONDS),
    ] = 5.0

    @property
    def body_limits(self) -> BodyLimits:
        """The limits that a reader of bodies enforces."""
        return BodyLimits(self.body, self.depth, self.attributes)

    @property
    def connections_per_port(self) -> int:
        """Open connections per port: at most a third of the process' file descriptors."""
        files = _max_open_files()
        return self.connections if files is None else min(self.connections, files // 3)


def _max_open_files() -> int | None:
    try:
        import resource
    except ImportError:  # Windows
        return None
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return None if files == resource.RLIM_INFINITY else files
