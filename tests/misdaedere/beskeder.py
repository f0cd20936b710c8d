"""Who sends messages that nobody should have, or does not send those that somebody should."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from misdaedere.boejning import boejer, boejer_tabel, saetter
from vos_contracts.koder.haendelse import Aendringstype
from vos_contracts.koder.wsrm import Beskedtype, Modtagerregel, Modtagerrolle, Naar
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.registration import Art
from vos_reference.application import gem, koe, levering
from vos_reference.domain import cprskift
from vos_reference.domain.modtagere import Udkast
from vos_reference.domain.retry import Opgivet, Wsbudkast


def _med_regel(kontrakt: Kontrakt, *regler: Modtagerregel) -> Kontrakt:
    return replace(kontrakt, wsrm_modtagere=(*kontrakt.wsrm_modtagere, *regler))


def _med_registrant(en: Udkast, **aendring: Any) -> Udkast:
    registrant = replace(en.registrering.registrant, **aendring)
    return replace(en, registrering=replace(en.registrering, registrant=registrant))


@boejer((gem, "udkast"))
def forfatteren_er_altid_star(rigtig: Any, *argumenter: Any) -> Iterator[Udkast]:
    from byggeklodser import STAR

    for en in rigtig(*argumenter):
        yield _med_registrant(en, aktiv=STAR)


@boejer((gem, "udkast"))
def glemmer_hvem_brugeren_var(rigtig: Any, *argumenter: Any) -> Iterator[Udkast]:
    for en in rigtig(*argumenter):
        yield _med_registrant(en, bruger=replace(en.registrering.registrant.bruger, id="DFDG"))


@boejer((gem, "udkast"))
def sender_dobbelt(rigtig: Any, *argumenter: Any) -> Iterator[Udkast]:
    for en in rigtig(*argumenter):
        yield en
        yield en


@boejer((gem, "udkast"))
def taber_den_anden_besked(rigtig: Any, *argumenter: Any) -> Iterator[Udkast]:
    for nummer, en in enumerate(rigtig(*argumenter), 1):
        if nummer != 2:
            yield en


@boejer((gem, "udkast"))
def sender_bagvendt(rigtig: Any, *argumenter: Any) -> Iterator[Udkast]:
    return reversed(tuple(rigtig(*argumenter)))


@boejer((gem, "udkast"))
def tier_om_sletning(rigtig: Any, *argumenter: Any) -> Iterator[Udkast]:
    return (replace(en, registrering=replace(en.registrering, er_slettet=False)) for en in rigtig(*argumenter))


@boejer_tabel((gem, "udkast"))
def taber_version_4(kontrakt: Kontrakt) -> Kontrakt:
    regler = tuple(en for en in kontrakt.wsrm_modtagere if en.besked is not Beskedtype.KONTAKTGRUPPE_V4)
    return replace(kontrakt, wsrm_modtagere=regler)


@boejer_tabel((gem, "udkast"), (cprskift, "modtagere"))
def glemmer_akassen(kontrakt: Kontrakt) -> Kontrakt:
    regler = tuple(en for en in kontrakt.wsrm_modtagere if en.rolle is not Modtagerrolle.AKASSE)
    return replace(kontrakt, wsrm_modtagere=regler)


@boejer_tabel((gem, "udkast"))
def fortaeller_akassen_om_kategorier(kontrakt: Kontrakt) -> Kontrakt:
    return _med_regel(kontrakt, Modtagerregel(Beskedtype.PERSONKATEGORI_V1, Modtagerrolle.AKASSE, Naar.ENHVER, None))


@boejer_tabel((gem, "udkast"))
def fortaeller_akassen_om_gruppe_4(kontrakt: Kontrakt) -> Kontrakt:
    return _med_regel(kontrakt, Modtagerregel(Beskedtype.KONTAKTGRUPPE_V5, Modtagerrolle.AKASSE, Naar.OVERGAAR_TIL, 4))


@boejer_tabel((gem, "udkast"))
def fortaeller_akassen_at_gruppe_25_aabnes(kontrakt: Kontrakt) -> Kontrakt:
    return _med_regel(kontrakt, Modtagerregel(Beskedtype.KONTAKTGRUPPE_V5, Modtagerrolle.AKASSE, Naar.OVERGAAR_TIL, 25))


@boejer_tabel()
def holder_wsrm_i_live(kontrakt: Kontrakt) -> Kontrakt:
    return replace(kontrakt, udgaver={navn: replace(en, wsrm=True) for navn, en in kontrakt.udgaver.items()})


@boejer((koe, "_slut"))
def glemmer_at_beskederne_er_hentet(rigtig: Any, *argumenter: Any, slet: bool) -> Any:
    return rigtig(*argumenter, slet=False)


@boejer((koe, "_slut"))
def sletter_det_der_blev_givet_tilbage(rigtig: Any, *argumenter: Any, slet: bool) -> Any:
    return rigtig(*argumenter, slet=True)


@boejer((koe, "_egen"))
def lader_alle_hente_af_en_sekvens(rigtig: Any, t: Any, identitet: Any, sekvens_id: str) -> Any:
    return t.find_sekvens(sekvens_id) or rigtig(t, identitet, sekvens_id)


@saetter(koe, "LEVETID", timedelta(minutes=30))
def opgiver_sekvenser_for_tidligt() -> None: ...


@boejer((levering, "wsbudkast"))
def sender_kun_wsb_om_nye(rigtig: Any, *argumenter: Any) -> Iterator[Wsbudkast]:
    return (en for en in rigtig(*argumenter) if en.aendringstype is Aendringstype.OPRETTET)


@boejer((levering, "afgoer"))
def sender_aldrig_wsb_igen(rigtig: Any, *argumenter: Any) -> Any:
    afgjort = rigtig(*argumenter)
    return Opgivet(afgjort.grund) if hasattr(afgjort, "ventetid") else afgjort


@boejer((levering, "wsbudkast"))
def sender_ingen_wsb_om_kategorier(rigtig: Any, *argumenter: Any) -> Iterator[Wsbudkast]:
    return (en for en in rigtig(*argumenter) if en.registrering.art is not Art.PERSONKATEGORI)
