"""Where variants come from: calls that were recorded while the cast played histories, and calls made up from the schemas.

Not here: what is made of them (`variantrest`, `variantsoap`).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as med_seed
from hypothesis import strategies as st

from generalproeve.fuzz import parity as paritet
from generalproeve.fuzz.borgere import borgere
from generalproeve.fuzz.budget import Budget
from generalproeve.fuzz.lines import Linjer
from generalproeve.fuzz.schema_strategy import Skemastrategi
from generalproeve.fuzz.slump import UUID
from generalproeve.fuzz.strategier import historier
from generalproeve.fuzz.tjenester import UbesvaretError
from generalproeve.fuzz.twins import Tvillingscene
from vos_contracts.base.ids import ny_uuid
from vos_contracts.model import neighbours
from vos_contracts.model.registration import Art, Opdater, Opret, Slet
from vos_contracts.wire import soap
from vos_contracts.wire.abonnement import Abonnementer, Abonnementsoenske
from vos_contracts.wire.base import Kald, RemoteWireError, Svar, Transport
from vos_contracts.wire.calls import soap_service
from vos_contracts.wire.rest import Rest
from vos_contracts.wire.soap_skema import tjenester
from vos_contracts.wire.tid import midnat
from vos_contracts.wire.wsrm import BESKEDER, Wsrm
from vos_simulators.inboxes.wsrm_poller import WsrmAfvist
from vos_simulators.parties import JOBCENTER
from vos_simulators.party import Aktoer, Kanal

HISTORIER = 40
NAVNE = ("Sofie Sagsbehandler", """Søren "O'Neil" <b>&amp;\\n]]>""")
"""Who calls every operation as it should be called; the second must be written with care, whatever it is written into."""
AF_SKEMAET = 12
"""Messages made up of each SOAP operation."""
SYSTEM = "0193e6a0-0000-7000-8000-000000000001"
ABONNEMENTER = 3
T = TypeVar("T")


@dataclass
class Froe:
    """Recorded calls by channel, and in it by operation, so that each is as likely as the next."""

    rest: dict[str, list[Kald]] = field(default_factory=dict)
    soap: dict[str, list[Kald]] = field(default_factory=dict)
    ubesvarede: list[UbesvaretError] = field(default_factory=list)

    def tag(self, kald: Kald) -> None:
        """Take one in."""
        if soap_service(kald.sti):
            self.soap.setdefault(kald.headers.get("soapaction", kald.sti), []).append(kald)
        else:
            self.rest.setdefault(f"{kald.metode} {UUID.sub('id', kald.sti)}", []).append(kald)


@dataclass
class Optager:
    """A line that keeps the calls that pass."""

    linje: Transport
    ubesvarede: list[UbesvaretError] = field(default_factory=list)
    kald: list[Kald] = field(default_factory=list)

    def send(self, kald: Kald) -> Svar:
        """Send and keep."""
        self.kald.append(kald)
        try:
            return self.linje.send(kald)
        except UbesvaretError as ubesvaret:
            self.ubesvarede.append(ubesvaret)
            raise


def optag(linjer: Linjer, budget: Budget) -> Froe:
    """Make them within half of the budget's time, the same for the same seed; the stage is emptied.

    Errors: StyringAfvist, UnreachableError.
    """
    tid = Budget(None if budget.sekunder is None else budget.rest() / 2)
    froe = Froe()
    optager = Optager(linjer.tjenester, froe.ubesvarede)
    if not paritet.hvorfor_ikke(linjer):
        assert linjer.styring is not None, "see hvorfor_ikke"
        scene = Tvillingscene(optager, linjer.styring, linjer.kontrakt)
        for historien in _eksempler(historier(linjer.kontrakt), HISTORIER, linjer.seed):
            if not tid.opbrugt:
                scene.spil(historien)
    cpr = borgere(linjer)
    for kald in optager.kald:
        froe.tag(kald)
    for navn in NAVNE:
        for kald in (*_gode(linjer, cpr[0], navn, tid, froe.ubesvarede), *_abonnementslister(linjer)):
            froe.tag(kald)
    for kald in _af_skemaet(linjer, cpr):
        froe.tag(kald)
    return froe


def _eksempler(strategi: st.SearchStrategy[T], antal: int, seed: int) -> list[T]:
    """Draw that many."""
    fundne: list[T] = []

    @med_seed(seed)
    @settings(
        max_examples=antal,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(strategi)
    def tag(eksempel: T) -> None:
        fundne.append(eksempel)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tag()
    return fundne


def _gode(linjer: Linjer, cpr: str, navn: str, tid: Budget, ubesvarede: list[UbesvaretError]) -> Iterator[Kald]:
    """Call every operation as one does who knows it: most of what a history makes up is refused."""
    optager, identitet = Optager(linjer.tjenester, ubesvarede), linjer.kalder
    identitet = replace(identitet, bruger=replace(identitet.bruger, navn=navn))
    hvem = Aktoer(identitet, linjer.kontrakt, optager, ny_uuid)
    for goer in _alt(linjer, hvem, cpr):
        with suppress(RemoteWireError, WsrmAfvist):  # how the answer is wrong is for the hunt to find
            if not tid.opbrugt:
                goer()
    rest = Rest(linjer.kontrakt)
    yield from optager.kald
    for art in Art:
        for del_ in ("", linjer.kontrakt.navne.sti("historik"), ny_uuid()):
            yield rest.kald_laes(cpr, art, identitet, del_)


def _alt(linjer: Linjer, hvem: Aktoer, cpr: str) -> Iterator[Callable[[], object]]:
    """Give everything that one can do."""
    nu = midnat(linjer.ur)
    typer = {Art.KONTAKTGRUPPE: linjer.kontrakt.kontaktgrupper, Art.PERSONKATEGORI: linjer.kontrakt.personkategorier}
    for art in Art:
        for type_ in sorted(typer[art]):
            for kanal in Kanal:
                yield partial(hvem.registrer, cpr, Opret(art, type_, nu), kanal)
            med_id = Opret(art, type_, nu, slut=nu + timedelta(days=30), id=ny_uuid())
            yield partial(hvem.registrer, cpr, med_id, Kanal.PVS)
        for kanal in Kanal:
            yield partial(hvem.registrer, cpr, Opdater(art, ny_uuid(), nu), kanal)
        yield partial(hvem.registrer, cpr, Slet(art, ny_uuid()), Kanal.PVS)
    yield partial(hvem.laeser.status, cpr)
    yield hvem.laeser.kodelister
    yield partial(hvem.laeser.kodelister, "KontaktgruppeTypeCodeList")
    dag = nu.date()
    yield partial(hvem.naboer.tilmelding, cpr, neighbours.Tilmeld(kategori=1, ledighedsgrad=1, dato=dag))
    yield partial(
        hvem.naboer.sygemeld, cpr, neighbours.Sygemeld(id=ny_uuid(), kilde=neighbours.Sygekilde.FRAVAER, fra=dag)
    )
    yield partial(hvem.naboer.raskmeld, cpr, neighbours.Raskmeld(id=ny_uuid(), dato=dag, gruppe=None), dag)
    yield partial(hvem.naboer.tilmelding, cpr, neighbours.Afmeld(dato=dag, aarsag=1))
    yield hvem.indbakke.toem


def _abonnementslister(linjer: Linjer) -> Iterator[Kald]:
    """Subscribe as the documented sync call does: to nothing, to one thing, and to several."""
    abonnementer, identitet = Abonnementer(linjer.kontrakt, Rest(linjer.kontrakt)), linjer.kalder
    dag = linjer.ur.date()
    entiteter = [en.id for en in linjer.kontrakt.wsb_entiteter.values()]
    for antal in (0, 1, 1, 2, ABONNEMENTER):
        oensker = [
            Abonnementsoenske(
                JOBCENTER,
                entiteter[nummer % len(entiteter)],
                f"/wsb/{nummer}",
                dag + timedelta(days=400),
                dag + timedelta(days=500),
            )
            for nummer in range(antal)
        ]
        yield abonnementer.kald(SYSTEM, oensker, identitet, ny_uuid())


def _af_skemaet(linjer: Linjer, cpr: list[str]) -> Iterator[Kald]:
    """Write messages of every operation, and for the queue's with the sequence that they are of."""
    identitet, wsrm = linjer.kalder, Wsrm(linjer.kontrakt)
    system = Rest(linjer.kontrakt).headers.skriv_system(identitet)
    for tjeneste in tjenester(linjer.kontrakt).values():
        strategier = Skemastrategi(tjeneste, cpr, midnat(linjer.ur))
        for nummer, operation in enumerate(tjeneste.operationer.values()):
            header = wsrm.sekvensheader("SequenceRequest", ny_uuid()) if tjeneste.navn == BESKEDER else None
            for krop in _eksempler(strategier.element(operation.request), AF_SKEMAET, linjer.seed + nummer):
                headers = {
                    "content-type": "text/xml; charset=utf-8",
                    "soapaction": f'"{operation.soapaction}"',
                    **system,
                }
                yield replace(Kald("POST", tjeneste.sti, headers), krop=soap.skriv_kald(identitet, krop, header))
