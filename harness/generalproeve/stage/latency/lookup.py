"""Which call a request is - channel, service, operation - and which rule of a model is about it: tables, made once.

What is no service's call has no rule and is never slowed: descriptions (WSDL, OpenAPI, Swagger) and paths that there are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from generalproeve.base.exit_codes import KanIkkeKoere
from generalproeve.stage.latency.model import Model, Regelpost
from vos_contracts.koder.udgave import PrsSoap
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.openapi import openapi
from vos_contracts.openapi_laesning import openapi_laesning
from vos_contracts.wire.asgi import Scope
from vos_contracts.wire.soap_skema import tjenester
from vos_features.lines import STIER

REST, SOAP = "rest", "soap"
_ABONNEMENT = "abonnementSync"
KONVERTEREDE = {
    "PersonRegistrationService": "prs_soap",
    "PersonStatusService": "laese_soap",
    "PersonHistoryService": "laese_soap",
}
"""The SOAP services that have two back ends, and what of the stage says which one stands there now."""


@dataclass(frozen=True, slots=True)
class Kaldet:
    """A call by what is called; `operation` is "" for a SOAP call that does not say it in its SOAPAction."""

    kanal: str
    tjeneste: str
    operation: str


Regelnoegle = tuple[Kaldet, PrsSoap | None]
"""A call, and the back end that stands behind its service now, where the service has two."""


class Opslag:
    """The calls of one contract, by request."""

    def __init__(self, kontrakt: Kontrakt) -> None:
        self._rest = dict(_rest(kontrakt))
        self._soap: dict[str, dict[str, Kaldet]] = {}
        for navn, tjeneste in tjenester(kontrakt).items():
            operationer = {en: Kaldet(SOAP, navn, en) for en in ("", *tjeneste.operationer)}
            self._soap |= dict.fromkeys(tjeneste.stier, operationer)
        self.alle: tuple[Kaldet, ...] = tuple(
            dict.fromkeys([*self._rest.values(), *(en for to in self._soap.values() for en in to.values())])
        )

    def __call__(self, scope: Scope) -> Kaldet | None:
        """Say which call it is, None for what is no service's."""
        if scope["type"] != "http":
            return None
        metode, sti = scope["method"], scope["path"]
        operationer = self._soap.get(sti)
        if operationer is not None:
            return operationer.get(_soapaction(scope), operationer[""]) if metode == "POST" else None
        return self._rest.get((metode, sti)) or self._rest.get((metode, f"{sti.rpartition('/')[0]}/*"))

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
            for bagende in PrsSoap if kaldet.tjeneste in KONVERTEREDE else (None,):
                yield kaldet, bagende

    def _kend(self, model: Model) -> None:
        kendte = {
            "service": tuple(dict.fromkeys(en.tjeneste for en in self.alle)),
            "operation": tuple(dict.fromkeys(en.operation for en in self.alle if en.operation)),
        }
        for nummer, en in enumerate(model.post.rule):
            for noegle, navne in kendte.items():
                for navn in _liste(getattr(en, noegle)) or ():
                    if navn not in navne:
                        raise KanIkkeKoere(
                            f"{model.hvor}: rule[{nummer}].{noegle}: {navn!r} is unknown; known are {', '.join(navne)}"
                        )


def _gaelder(regel: Regelpost, kaldet: Kaldet, bagende: PrsSoap | None) -> bool:
    par = (
        (_liste(regel.channel), kaldet.kanal),
        (_liste(regel.service), kaldet.tjeneste),
        (_liste(regel.operation), kaldet.operation),
        (_liste(regel.backend), bagende),
    )
    return all(sagt is None or er in sagt for sagt, er in par)


def _liste(sagt: str | tuple[str, ...] | None) -> tuple[str, ...] | None:
    return (sagt,) if isinstance(sagt, str) else sagt


def _rest(kontrakt: Kontrakt) -> Iterable[tuple[tuple[str, str], Kaldet]]:
    """A path that ends in an identifier or a name is written with a star."""
    begyndelser = {kontrakt.navne.sti(sti): navn for navn, stier in STIER.items() for sti in stier}
    for dokument in (openapi(kontrakt), openapi_laesning(kontrakt)):
        stier: Mapping[str, Mapping[str, Any]] = dokument["paths"]
        for sti, metoder in stier.items():
            tjeneste = next(navn for begyndelse, navn in begyndelser.items() if sti.startswith(begyndelse))
            forled, _, sidste = sti.rpartition("/")
            for metode, operation in metoder.items():
                if "operationId" in operation:
                    slut = "*" if sidste.startswith("{") else sidste
                    yield (metode.upper(), f"{forled}/{slut}"), Kaldet(REST, tjeneste, operation["operationId"])
    sync = kontrakt.navne.sti(_ABONNEMENT)
    yield ("POST", sync), Kaldet(REST, begyndelser[sync], _ABONNEMENT)


def _soapaction(scope: Scope) -> str:
    for navn, vaerdi in scope["headers"]:
        if navn == b"soapaction":
            tekst: str = vaerdi.decode("latin-1")
            return tekst.strip().strip('"').rpartition("#")[2]
    return ""
