"""Hold the contract together: schemas compile, golden messages are valid, tables point at each other. For `contracts check`.

Returns breaches as text; nothing is raised for a contract that is merely wrong.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from lxml import etree

from vos_contracts import eksempler, krav
from vos_contracts.koder.aktoerer import Niveau
from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl
from vos_contracts.kontrakt import Kontrakt, indlaes
from vos_contracts.model.registration import Art
from vos_contracts.openapi_laesning import STATUSMETODE
from vos_contracts.wire import soap
from vos_contracts.wire.abonnement import Abonnementer
from vos_contracts.wire.base import RemoteWireError, Svar
from vos_contracts.wire.rest import Afslag, Rest
from vos_contracts.wire.rest_laesning import RestLaesning
from vos_contracts.wire.soap_skema import Tjeneste, tjenester
from vos_contracts.wire.wsb import Wsb

_ANDRE_LAESNINGER = frozenset({STATUSMETODE, "GetKodelister", "GetKodeliste"})


def brud(kontrakt: Kontrakt) -> Iterator[str]:
    """List everything that does not hold together in the contract as it was loaded."""
    yield from _henvisninger(kontrakt)
    for tjeneste in tjenester(kontrakt).values():
        try:
            tjeneste.brud(etree.Element("x"))  # compiles it
        except etree.XMLSchemaParseError as fejl:
            yield f"{tjeneste.navn}: the schema does not compile: {fejl}"
    afsendt = indlaes()
    for eksempel in eksempler.alle():
        for regel in _eksempelbrud(eksempel, afsendt):
            yield f"{eksempel.path}: {regel}"
    try:
        krav.indlaes()
    except ValueError as fejl:
        yield str(fejl)


def _henvisninger(kontrakt: Kontrakt) -> Iterator[str]:
    for tjeneste, metode, kode in kontrakt.tabeller["metode_fejl"]:
        if int(kode) not in kontrakt.fejl:
            yield f"metode_fejl: {tjeneste}.{metode} names error {kode}, which is not in fejl"
    for noegle, konflikt in kontrakt.fravaerskonflikter.items():
        if konflikt.fejlkode not in kontrakt.fejl:
            yield f"fravaer_konflikt: {noegle} names error {konflikt.fejlkode}, which is not in fejl"
    for element, koder in kontrakt.sygekilder.items():
        if len(koder) != sum(1 for en, _ in kontrakt.tabeller["sygekilde"] if en == element):
            yield f"sygekilde: {element} gives one code two meanings"
    for tjeneste, metode, otype, _ in kontrakt.tabeller["adgang"]:
        if int(otype) not in kontrakt.organisationstyper:
            yield f"adgang: {tjeneste}.{metode} names organisation type {otype}, which is not in organisationstype"
    yield from _adgangsbrud(kontrakt)
    for gruppe, regler in kontrakt.grupperegler.items():
        for kategori in regler.kategorier | ({regler.standardkategori} - {None}):
            if kategori not in kontrakt.personkategorier:
                yield f"kombination: group {gruppe} names category {kategori}, which is not in personkategori"
        if regler.standardkategori is None and not regler.maa_vaere_uden_kategori:
            yield f"kontaktgruppe_regel: group {gruppe} needs a category and has no standardkategori"


def _adgangsbrud(kontrakt: Kontrakt) -> Iterator[str]:
    adgang = kontrakt.adgang
    for metode, raekke in adgang.matrix.items():
        for otype in (en for en, niveauer in raekke.items() if Niveau.TIDLIGERE_EGNE in niveauer):
            if (metode, otype) not in adgang.perioder:
                yield f"adgang: {metode} is open to former own of type {otype}, for which adgangsperiode has no days"
    for (metode, otype), periode in adgang.perioder.items():
        if min(periode) < timedelta(0):
            yield f"adgangsperiode: {metode} for type {otype} has a negative number of days"
    systemer = {int(kode) for (kode,) in kontrakt.tabeller["klientsystem"]}
    for system, metode in sorted(adgang.spaerrede):
        if system not in systemer:
            yield f"klientsystem_spaerret: {metode} names system {system}, which is not in klientsystem"
        if metode not in adgang.matrix:
            yield f"klientsystem_spaerret: names {metode}, which is not in adgang"
    for otype, par in adgang.jobnet.items():
        if otype not in kontrakt.organisationstyper:
            yield f"jobnet_adgang: names organisation type {otype}, which is not in organisationstype"
        for gruppe, kategori in par:
            if gruppe is not None and gruppe not in kontrakt.kontaktgrupper:
                yield f"jobnet_adgang: names group {gruppe}, which is not in kontaktgruppe"
            if kategori is not None and kategori not in kontrakt.tilmeldekategorier:
                yield f"jobnet_adgang: names category {kategori}, which is not in tilmeldekategori"


def _eksempelbrud(eksempel: eksempler.Eksempel, kontrakt: Kontrakt) -> Iterator[str]:
    try:
        match eksempel.kanal:
            case "rest":
                _laes_rest(eksempel, kontrakt)
            case "wsb":
                _laes_wsb(eksempel, kontrakt)
            case _:
                yield from _laes_soap(eksempel, kontrakt)
    except RemoteWireError as fejl:
        yield str(fejl)


def _laes_rest(eksempel: eksempler.Eksempel, kontrakt: Kontrakt) -> None:
    rest = Rest(kontrakt)
    art = Art.KONTAKTGRUPPE if "Kontaktgruppe" in eksempel.operation else Art.PERSONKATEGORI
    besked = json.loads(eksempel.indhold)
    krop = b"" if besked["krop"] is None else json.dumps(besked["krop"]).encode()
    if eksempel.operation in _ANDRE_LAESNINGER and not eksempel.is_refusal:
        _laes_laesning(eksempel, RestLaesning(kontrakt, rest), besked, krop)
        return
    if eksempel.navn == "request.json":
        rest.headers.laes_identitet(besked["headers"])
        rest.headers.laes_cpr(besked["headers"])
        if eksempel.operation.startswith("Create"):
            rest.laes_opret(art, krop, None)
        elif eksempel.operation.startswith("Update"):
            rest.laes_opdater(art, krop, "")
        return
    svar = Svar(besked["status"], krop=krop)
    if eksempel.navn == "response.json":
        if eksempel.operation.startswith("Get"):
            rest.forstaa_visninger(svar, art)
        else:
            rest.forstaa_id(svar)
        return
    kode = _laes_afslag(eksempel, rest.forstaa_afslag(svar))
    if besked["krop"]["fejl"][0]["fejltekst"] != kontrakt.fejl[kode].rest:
        raise RemoteWireError(Fejl(kode, f"is not the refusal {kode}"))


def _laes_afslag(eksempel: eksempler.Eksempel, afslag: Afslag) -> int:
    """Return the error code that the example is of."""
    kode = int(eksempel.navn.split(".")[1])
    if [fejl.kode for fejl in afslag.fejl] != [kode]:
        raise RemoteWireError(Fejl(kode, f"is not the refusal {kode}"))
    return kode


def _laes_wsb(eksempel: eksempler.Eksempel, kontrakt: Kontrakt) -> None:
    """Read a webservice message, or an example of the call that subscribes to them."""
    if eksempel.operation in {en.navn for en in kontrakt.wsb_entiteter.values()}:
        Wsb(kontrakt).laes(eksempel.indhold)
        return
    rest, besked = Rest(kontrakt), json.loads(eksempel.indhold)
    abonnementer, krop = Abonnementer(kontrakt, rest), json.dumps(besked["krop"]).encode()
    if eksempel.navn == "request.json":
        rest.headers.laes_identitet(besked["headers"])
        abonnementer.laes(krop)
        return
    svar = abonnementer.forstaa(Svar(besked["status"], krop=krop))
    if isinstance(svar, Afslag):
        _laes_afslag(eksempel, svar)


def _laes_laesning(
    eksempel: eksempler.Eksempel, laesning: RestLaesning, besked: Mapping[str, Any], krop: bytes
) -> None:
    """Read an example of the domain's other reads."""
    if eksempel.navn == "request.json":
        sti = laesning.status_sti if eksempel.operation == STATUSMETODE else laesning.kodeliste_sti
        if not str(besked["sti"]).startswith(sti):
            raise RemoteWireError(Fejl(VALIDERER_IKKE, f"sti: must begin with {sti}"))
        return
    svar = Svar(besked["status"], krop=krop)
    forstaa = laesning.forstaa_status if eksempel.operation == STATUSMETODE else laesning.forstaa_kodelister
    forstaa(svar)


def _laes_soap(eksempel: eksempler.Eksempel, kontrakt: Kontrakt) -> Iterator[str]:
    tjeneste = _tjeneste(eksempel, kontrakt)
    operation = tjeneste.operationer[eksempel.operation]
    if eksempel.navn == "request.xml":
        soap.laes_kald(tjeneste, eksempel.indhold, operation.soapaction, kontrakt, 0)
        return
    indhold = soap.laes_svar(eksempel.indhold)
    if isinstance(indhold, soap.Fault):
        if eksempel.navn != f"refusal.{indhold.fejl[0].kode}":
            yield f"is the fault {indhold.fejl[0].kode}"
    elif indhold.tag != operation.response:
        yield f"is {indhold.tag}, not {operation.response}"
    else:
        yield from (f"is not a valid {operation.response}: {brud}" for brud in tjeneste.brud(indhold))


def _tjeneste(eksempel: eksempler.Eksempel, kontrakt: Kontrakt) -> Tjeneste:
    alle = tjenester(kontrakt).values()
    return next(en for en in alle if eksempel.operation in en.operationer and eksempel.hoerer_til(en.navn))
