"""Which rule of a latency model is about a request: the operation it calls, and a table from operations to rules.

A request that is no service's call has no rule and is never slowed: descriptions (WSDL, OpenAPI, Swagger) and unknown paths.
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
"""The SOAP services that have two back ends, and what of the stage says which one stands there now."""


RuleKey = tuple[CalledOperation, PrsSoap | None]
"""A call, and the back end that stands behind its service now, where the service has two."""


class Lookup:
    """The operations of one contract, by request."""

    def __init__(self, contract: Contract) -> None:
        self._calls = CallReader(contract)
        self.everyone = self._calls.operations
        self._known = frozenset(self.everyone)

    def __call__(self, scope: Scope) -> CalledOperation | None:
        """Return the operation that is called, None where none is; "" as its name where a SOAP call has no SOAPAction."""
        if scope["type"] != "http":
            return None
        called = self._calls.operation(scope["method"], scope["path"], _soapaction(scope))
        is_call = called.channel is CallChannel.REST or scope["method"] == "POST"
        return called if is_call and called in self._known else None

    def rules(self, model: Model) -> Mapping[RuleKey, int]:
        """Give every call the number of the first rule that is about it; errors: CannotRun for a rule that has none."""
        self._know(model)
        table: dict[RuleKey, int] = {}
        for key in self._keys():
            number = next((nr for nr, item in enumerate(model.entry.rule) if _is_valid(item, *key)), None)
            if number is not None:
                table[key] = number
        for number, item in enumerate(model.entry.rule):
            if number not in table.values():
                about_something = any(_is_valid(item, *key) for key in self._keys())
                reason = (
                    "every call it is about has an earlier rule" if about_something else "no call is all that it says"
                )
                raise CannotRun(f"{model.where}: rule[{number}]: is never used: {reason}")
        return table

    def _keys(self) -> Iterable[RuleKey]:
        for called in self.everyone:
            for backend in PrsSoap if called.service in CONVERTED else (None,):
                yield called, backend

    def _know(self, model: Model) -> None:
        known = {
            "service": tuple(dict.fromkeys(one_item.service for one_item in self.everyone)),
            "operation": tuple(dict.fromkeys(one_item.operation for one_item in self.everyone if one_item.operation)),
        }
        for number, item in enumerate(model.entry.rule):
            for key, names in known.items():
                for name in _listing(getattr(item, key)) or ():
                    if name not in names:
                        raise CannotRun(
                            f"{model.where}: rule[{number}].{key}: {name!r} is unknown; known are {', '.join(names)}"
                        )


def _is_valid(rule: RuleEntry, called: CalledOperation, backend: PrsSoap | None) -> bool:
    pair = (
        (_listing(rule.channel), called.channel.lower()),
        (_listing(rule.service), called.service),
        (_listing(rule.operation), called.operation),
        (_listing(rule.backend), backend),
    )
    return all(said is None or is_ in said for said, is_ in pair)


def _listing(said: str | tuple[str, ...] | None) -> tuple[str, ...] | None:
    return (said,) if isinstance(said, str) else said


def _soapaction(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"soapaction":
            text: str = value.decode("latin-1")
            return text
    return ""
