"""Which rule of a latency model is about a request: the operation it calls, and a table from operations to rules.

A request that is no service's call has no rule and is never slowed: descriptions (WSDL, OpenAPI, Swagger) and unknown paths.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from generalproeve.base.exit_codes import KanIkkeKoere
from generalproeve.stage.latency.model import Model, Regelpost
from vos_contracts.koder.udgave import PrsSoap
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.wire.asgi import Scope
from vos_contracts.wire.calls import CallChannel, CalledOperation, CallReader

KONVERTEREDE = {
    "PersonRegistrationService": "prs_soap",
    "PersonStatusService": "laese_soap",
    "PersonHistoryService": "laese_soap",
}
"""The SOAP services that have two back ends, and what of the stage says which one stands there now."""


Regelnoegle = tuple[CalledOperation, PrsSoap | None]
"""A call, and the back end that stands behind its service now, where the service has two."""


class Opslag:
    """The operations of one contract, by request."""

    def __init__(self, kontrakt: Kontrakt) -> None:
        self._calls = CallReader(kontrakt)
        self.alle = self._calls.operations
        self._known = frozenset(self.alle)

    def __call__(self, scope: Scope) -> CalledOperation | None:
        """Return the operation that is called, None where none is; "" as its name where a SOAP call has no SOAPAction."""
        if scope["type"] != "http":
            return None
        called = self._calls.operation(scope["method"], scope["path"], _soapaction(scope))
        is_call = called.channel is CallChannel.REST or scope["method"] == "POST"
        return called if is_call and called in self._known else None

    def regler(self, model: Model) -> Mapping[Regelnoegle, int]:
        """Give every call the number of the first rule that is about it; errors: KanIkkeKoere for a rule that has none."""
        self._kend(model)
        tabel: dict[Regelnoegle, int] = {}
        for noegle in self._noegler():
            nummer = next((nr for nr, en in enumerate(model.post.rule) if _gaelder(en, *noegle)), None)
            if nummer is not None:
                tabel[noegle] = nummer
        for nummer, en in enumerate(model.post.rule):
            if nummer not in tabel.values():
                om_noget = any(_gaelder(en, *noegle) for noegle in self._noegler())
                grund = "every call it is about has an earlier rule" if om_noget else "no call is all that it says"
                raise KanIkkeKoere(f"{model.hvor}: rule[{nummer}]: is never used: {grund}")
        return tabel

    def _noegler(self) -> Iterable[Regelnoegle]:
        for kaldet in self.alle:
            for bagende in PrsSoap if kaldet.service in KONVERTEREDE else (None,):
                yield kaldet, bagende

    def _kend(self, model: Model) -> None:
        kendte = {
            "service": tuple(dict.fromkeys(en.service for en in self.alle)),
            "operation": tuple(dict.fromkeys(en.operation for en in self.alle if en.operation)),
        }
        for nummer, en in enumerate(model.post.rule):
            for noegle, navne in kendte.items():
                for navn in _liste(getattr(en, noegle)) or ():
                    if navn not in navne:
                        raise KanIkkeKoere(
                            f"{model.hvor}: rule[{nummer}].{noegle}: {navn!r} is unknown; known are {', '.join(navne)}"
                        )


def _gaelder(regel: Regelpost, kaldet: CalledOperation, bagende: PrsSoap | None) -> bool:
    par = (
        (_liste(regel.channel), kaldet.channel.lower()),
        (_liste(regel.service), kaldet.service),
        (_liste(regel.operation), kaldet.operation),
        (_liste(regel.backend), bagende),
    )
    return all(sagt is None or er in sagt for sagt, er in par)


def _liste(sagt: str | tuple[str, ...] | None) -> tuple[str, ...] | None:
    return (sagt,) if isinstance(sagt, str) else sagt


def _soapaction(scope: Scope) -> str:
    for navn, vaerdi in scope["headers"]:
        if navn == b"soapaction":
            tekst: str = vaerdi.decode("latin-1")
            return tekst
    return ""
