"""Which assumed names on the wire a verdict rests on: those of every service that the scenario called.

Not here: what the names are (`vos_contracts.tables.names`), or which rules are assumed (`contracts list`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from vos_contracts.contract import Contract
from vos_contracts.wire.calls import soap_service

REST = "REST"
AssumedNames = Mapping[str, tuple[str, ...]]


def assumed_names(contract: Contract) -> AssumedNames:
    """List the names that are our choice, by service; REST has headers, members and paths."""
    by_service: dict[str, list[str]] = {}
    for key in sorted(contract.names.assumed):
        kind, _, name = key.partition(".")
        service = REST if kind in {"header", "json", "path"} else name.partition(".")[0]
        by_service.setdefault(service, []).append(key)
    return {service: tuple(names) for service, names in by_service.items()}


def called_services(paths: Iterable[str]) -> tuple[str, ...]:
    """Name the services behind these paths, in the order they were first called."""
    return tuple(dict.fromkeys(soap_service(path) or REST for path in paths))
