"""One sequence of the WSRM queue, a real one, and what must not be had of it: by another owner, under an identifier that is
nearly right, twice when it was ended.

Not here: when it is tried (`varianter`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from generalproeve.fuzz import history as h
from generalproeve.fuzz.lines import Linjer
from generalproeve.fuzz.slump import Slump
from vos_contracts.base.ids import ny_uuid
from vos_contracts.model.registration import Art, Opret
from vos_contracts.wire.base import RemoteWireError, Transport
from vos_contracts.wire.tid import kan_skrives, midnat
from vos_simulators.inboxes.wsrm_poller import WsrmAfvist, WsrmPoller
from vos_simulators.party import Aktoer, Kanal

UKENDT = 4589
TYPER = ("GetContactGroupVersion4", "GetContactGroupVersion5", "GetPersonCategoryVersion1", "GetCprChanged")
_EJERE = (h.Hvem.JOBCENTRET, h.Hvem.AKASSEN)


def spil(linjer: Linjer, tjenester: Transport, slump: Slump) -> Iterator[str]:
    """Open a sequence, try it and end it; give each breach in words. Nothing where the release has no queue."""
    if not linjer.kontrakt.udgaver[linjer.udgave].wsrm:
        return
    ejer = slump.under(len(_EJERE))
    hvem, fremmed = (_aktoer(linjer, tjenester, _EJERE[nr]).indbakke for nr in (ejer, 1 - ejer))
    sagsbehandler = _aktoer(linjer, tjenester, h.Hvem.JOBCENTRET)
    nu = midnat(linjer.ur)
    sagsbehandler.registrer(slump.vaelg(slump.cpr), Opret(Art.KONTAKTGRUPPE, slump.vaelg((2, 13, 23)), nu), Kanal.PVS)
    sekvens = hvem.opret().id
    type_ = slump.vaelg(TYPER)
    foerst, igen = _hentet(hvem, sekvens, type_), _hentet(hvem, sekvens, type_)
    if foerst != igen:
        yield f"{type_}: den samme sekvens gav {foerst} og så {igen}"
    forkert = _naesten(sekvens, slump)
    for navn, poller, id_ in (
        ("en fremmed ejer", fremmed, sekvens),
        ("et andet id", hvem, forkert),
        ("et nyt id", hvem, slump.ny_id()),
    ):
        yield from _skal_afvises(f"{type_} af {navn}", _goer(poller.hent, id_, type_))
        yield from _skal_afvises(f"afslutning af {navn}", _goer(slump.vaelg((poller.luk, poller.afslut)), id_))
    if _hentet(hvem, sekvens, type_) != foerst:
        yield f"{type_}: sekvensen gav noget andet, efter at andre havde prøvet"
    ende = slump.vaelg((hvem.luk, hvem.afslut))
    if _goer(ende, sekvens) is not None:
        yield "en åben sekvens kunne ikke afsluttes"
    for navn, gerning in (("luk", hvem.luk), ("afslut", hvem.afslut)):
        yield from _skal_afvises(f"{navn} af en sekvens, der er afsluttet", _goer(gerning, sekvens))
    yield from _skal_afvises(f"{type_} af en sekvens, der er afsluttet", _goer(hvem.hent, sekvens, type_))


def _aktoer(linjer: Linjer, tjenester: Transport, hvem: h.Hvem) -> Aktoer:
    return Aktoer(h.KALDERE[hvem](linjer.ur), linjer.kontrakt, tjenester, ny_uuid)


def _naesten(id_: str, slump: Slump) -> str:
    """Spoil an identifier; case and white space around it are no difference."""
    while True:
        andet = slump.tekst(id_)
        if kan_skrives(andet) and andet.strip().lower() != id_:
            return andet


def _hentet(poller: WsrmPoller, sekvens: str, type_: str) -> object:
    try:
        return [en.besked_id for en in poller.hent(sekvens, type_)]
    except (WsrmAfvist, RemoteWireError) as brud:
        return str(brud)


def _goer(gerning: Callable[..., object], *argumenter: str) -> set[int] | str | None:
    """Do it; return the numbers of its refusal, how its answer is wrong, or None if it was done."""
    try:
        gerning(*argumenter)
    except WsrmAfvist as afvist:
        return {en.kode for en in afvist.fault.fejl}
    except RemoteWireError as brud:
        return str(brud)
    return None


def _skal_afvises(hvad: str, udfald: set[int] | str | None) -> Iterator[str]:
    if udfald is None:
        yield f"{hvad} blev udført"
    elif isinstance(udfald, str) or not udfald & {UKENDT, 1014}:
        yield f"{hvad} blev besvaret med {udfald}"
