"""What caused a row of the history, found in the stage's journal: the request itself, or the run of the nightly jobs.

A call is found by the citizen, the calling system, the user and the instant. On a frozen clock several may fit; then all of
them are named, except where the row's own identifier tells them apart. The journal does not hold everything: it is capped, and
it notes neither the neighbours' internal calls nor what a number was before it changed; then the registrant is named.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from vos_contracts.control.journal import Post, Posttype
from vos_contracts.control.operations import Borgerraekke, Registreringsraekke
from vos_contracts.koder.aktoerer import Klientsystem
from vos_contracts.wire.tid import DANSK_TID
from vos_simulators.oracle.happened import Aarsag, registrant

SLINGRE = timedelta(seconds=1)
"""How much longer than it says a call may have been under way."""


def fra_journalen(poster: Iterable[Post]) -> Aarsag:
    """Make the namer of a journal; the first row that has an identifier is the one that made the registration."""
    alle = siden_scenen_var_tom(poster)
    kald = [en for en in alle if en.art is Posttype.KALD and _registrerer(en)]
    koersler = [en for en in alle if en.art is Posttype.KOERSEL]
    oprettet: dict[str, int] = {}

    def aarsag(raekke: Registreringsraekke, borger: Borgerraekke) -> str:
        hvem = registrant(raekke, borger)
        if raekke.system != Klientsystem.DFDG:
            foerste = oprettet.setdefault(raekke.id, raekke.nr) == raekke.nr
            egne = [en for en in kald if _kan_vaere(en, raekke, borger)]
            fundne = [en for en in egne if _naevner(en, raekke.id, foerste=foerste)] or egne
            if fundne:
                return f"{' eller '.join(map(_navn, fundne))} af {hvem}"
        koersel = next((en for en in koersler if en.tidspunkt >= raekke.registreret), None)
        if koersel is not None and _dag(koersel.tidspunkt) == _dag(raekke.registreret):
            return f"{'natkørslen' if koersel.data['natlig'] == 'ja' else 'kørslen'} af {hvem}"
        return hvem

    return aarsag


def siden_scenen_var_tom(poster: Iterable[Post]) -> list[Post]:
    """Leave out what was before the stage was last emptied."""
    alle: list[Post] = []
    for en in poster:
        if en.art is Posttype.NULSTILLET:
            alle.clear()
        alle.append(en)
    return alle


def _dag(tidspunkt: datetime) -> date:
    return tidspunkt.astimezone(DANSK_TID).date()


def _registrerer(post: Post) -> bool:
    operation = str(post.data.get("soapaction", "")).rpartition("#")[2]
    return post.data["status"] in (200, "200") and post.data["metode"] != "GET" and not operation.startswith("Get")


def _kan_vaere(post: Post, raekke: Registreringsraekke, borger: Borgerraekke) -> bool:
    krop = str(post.data["krop"])
    om_borgeren = borger.cpr == post.cpr or borger.cpr in krop
    brugers = raekke.bruger_id == post.data.get("brugerId") or raekke.bruger_id in krop
    varede = timedelta(microseconds=int(post.data["mikrosekunder"])) + SLINGRE
    da = timedelta() <= post.tidspunkt - raekke.registreret <= varede
    return da and om_borgeren and brugers and str(raekke.system) == str(post.data.get("system"))


def _naevner(post: Post, id_: str, *, foerste: bool) -> bool:
    """Whether the call made that registration, or asks for a change of it."""
    return id_ in str(post.data["svar"]) if foerste else id_ in f"{post.data['sti']} {post.data['krop']}"


def _navn(post: Post) -> str:
    soap = str(post.data.get("soapaction", "")).strip('"').rpartition("/")[2]
    navn = soap.replace("#", ".") or f"{post.data['metode']} {post.data['sti']}"
    request_id = post.data.get("requestId")
    return f"{navn} ({request_id})" if request_id else navn
