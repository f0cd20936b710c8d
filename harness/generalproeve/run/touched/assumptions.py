"""The assumed names on the wire that a verdict depends on: those of every service that the scenario called.

Not here: the names themselves (`vos_contracts.tables.names`), or assumed rules (`facts`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from vos_contracts.contract import Contract
from vos_contracts.wire.calls import soap_service

REST = "REST"
AssumedNames = Mapping[str, tuple[str, ...]]


def assumed_names(contract: Contract) -> AssumedNames:
    """Return the keys of the assumed names by service; those of headers, JSON members and paths are under REST."""
    by_service: dict[str, list[str]] = {}
    for key in sorted(contract.names.assumed):
        kind, _, name = key.partition(".")
        service = REST if kind in {"header", "json", "path"} else name.partition(".")[0]
        by_service.setdefault(service, []).append(key)
    return {service: tuple(names) for service, names in by_service.items()}


def called_services(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the services behind these paths, in the order of their first call."""
    return tuple(dict.fromkeys(soap_service(path) or REST for path in paths))
