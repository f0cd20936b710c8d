"""From a request to the rule of a latency model: the operation that is called, and a table from operations to rules.

Requests that call no operation have no rule and are never delayed: WSDL, OpenAPI, Swagger, unknown paths.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from generalproeve.base.exit_codes import CannotRun
from generalproeve.stage.latency.model import Model, RuleEntry
from vos_contracts.contract import Contract
from vos_contracts.tables.releases import PrsSoap
from vos_contracts.wire.asgi.endpoint import Scope
from vos_contracts.wire.calls import CallChannel, CalledOperation, CallReader

CONVERTED = {
    "PersonRegistrationService": "prs_soap",
    "PersonStatusService": "read_soap",
    "PersonHistoryService": "read_soap",
}
"""The SOAP services with two backends, and the attribute of `BackendChoice` that names the current one."""


RuleKey = tuple[CalledOperation, PrsSoap | None]
"""An operation, and the current backend of its service if the service has two."""


class Lookup:
    """Finds operations and rules under one contract."""

    def __init__(self, contract: Contract) -> None:
        self._calls = CallReader(contract)
        self.operations = self._calls.operations
        self._known = frozenset(self.operations)

    def __call__(self, scope: Scope) -> CalledOperation | None:
        """Return the called operation, or None; its name is "" for a SOAP call without SOAPAction."""
        if scope["type"] != "http":
            return None
        called = self._calls.operation(scope["method"], scope["path"], _soapaction(scope))
        is_call = called.channel is CallChannel.REST or scope["method"] == "POST"
        return called if is_call and called in self._known else None

    def rules(self, model: Model) -> Mapping[RuleKey, int]:
        """Return the number of the first matching rule of every operation.

        Raises:
            CannotRun: a rule names something unknown, or is never the first to match.
        """
        self._require_known(model)
        table: dict[RuleKey, int] = {}
        for key in self._keys():
            number = next((nr for nr, rule in enumerate(model.entry.rule) if _matches(rule, *key)), None)
            if number is not None:
                table[key] = number
        for number, rule in enumerate(model.entry.rule):
            if number not in table.values():
                matches_some = any(_matches(rule, *key) for key in self._keys())
                reason = (
                    "an earlier rule matches each of its calls" if matches_some else "no call matches all of its keys"
                )
                raise CannotRun(f"{model.where}: rule[{number}]: is never used: {reason}")
        return table

    def _keys(self) -> Iterable[RuleKey]:
        for called in self.operations:
            for backend in PrsSoap if called.service in CONVERTED else (None,):
                yield called, backend

    def _require_known(self, model: Model) -> None:
        known = {
            "service": tuple(dict.fromkeys(called.service for called in self.operations)),
            "operation": tuple(dict.fromkeys(called.operation for called in self.operations if called.operation)),
        }
        for number, rule in enumerate(model.entry.rule):
            for key, names in known.items():
                for name in _alternatives(getattr(rule, key)) or ():
                    if name not in names:
                        raise CannotRun(
                            f"{model.where}: rule[{number}].{key}: {name!r} is unknown; known are {', '.join(names)}"
                        )


def _matches(rule: RuleEntry, called: CalledOperation, backend: PrsSoap | None) -> bool:
    conditions = (
        (_alternatives(rule.channel), called.channel.lower()),
        (_alternatives(rule.service), called.service),
        (_alternatives(rule.operation), called.operation),
        (_alternatives(rule.backend), backend),
    )
    return all(allowed is None or actual in allowed for allowed, actual in conditions)


def _alternatives(value: str | tuple[str, ...] | None) -> tuple[str, ...] | None:
    return (value,) if isinstance(value, str) else value


def _soapaction(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"soapaction":
            text: str = value.decode("latin-1")
            return text
    return ""
