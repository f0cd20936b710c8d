"""Who sends messages that nobody should have, or does not send those that somebody should."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from misdaedere.boejning import boejer, boejer_tabel, saetter
from vos_contracts.koder.recipients import Beskedtype, Modtagerrolle, Naar, RecipientRule, WsrmRule
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Art
from vos_reference.application import cprskift, koe, levering, registration
from vos_reference.domain.decision import Haendelse, Oprettet
from vos_reference.domain.recipients import Draft
from vos_reference.domain.retry import Opgivet

WsrmDraft = Draft[Beskedtype, Organisation, Haendelse]
WsbDraft = Draft[Art, Organisation, Haendelse]


def _med_regel(kontrakt: Kontrakt, *regler: WsrmRule) -> Kontrakt:
    return replace(kontrakt, wsrm_recipients=(*kontrakt.wsrm_recipients, *regler))


def _med_raekke(en: WsrmDraft, **aendring: Any) -> WsrmDraft:
    return replace(en, event=replace(en.event, registrering=replace(en.event.registrering, **aendring)))


def _med_registrant(en: WsrmDraft, **aendring: Any) -> WsrmDraft:
    return _med_raekke(en, registrant=replace(en.event.registrering.registrant, **aendring))


@boejer((registration, "wsrm_drafts"))
def forfatteren_er_altid_star(rigtig: Any, *argumenter: Any) -> Iterator[WsrmDraft]:
    from byggeklodser import STAR

    for en in rigtig(*argumenter):
        yield _med_registrant(en, aktiv=STAR)


@boejer((registration, "wsrm_drafts"))
def glemmer_hvem_brugeren_var(rigtig: Any, *argumenter: Any) -> Iterator[WsrmDraft]:
    for en in rigtig(*argumenter):
        yield _med_registrant(en, bruger=replace(en.event.registrering.registrant.bruger, id="DFDG"))


@boejer((registration, "wsrm_drafts"))
def sender_dobbelt(rigtig: Any, *argumenter: Any) -> Iterator[WsrmDraft]:
    for en in rigtig(*argumenter):
        yield en
        yield en


@boejer((registration, "wsrm_drafts"))
def taber_den_anden_besked(rigtig: Any, *argumenter: Any) -> Iterator[WsrmDraft]:
    for nummer, en in enumerate(rigtig(*argumenter), 1):
        if nummer != 2:
            yield en


@boejer((registration, "wsrm_drafts"))
def sender_bagvendt(rigtig: Any, *argumenter: Any) -> Iterator[WsrmDraft]:
    return reversed(tuple(rigtig(*argumenter)))


@boejer((registration, "wsrm_drafts"))
def tier_om_sletning(rigtig: Any, *argumenter: Any) -> Iterator[WsrmDraft]:
    return (_med_raekke(en, er_slettet=False) for en in rigtig(*argumenter))


@boejer_tabel((registration, "wsrm_drafts"))
def taber_version_4(kontrakt: Kontrakt) -> Kontrakt:
    regler = tuple(en for en in kontrakt.wsrm_recipients if en.subject is not Beskedtype.KONTAKTGRUPPE_V4)
    return replace(kontrakt, wsrm_recipients=regler)


@boejer_tabel((registration, "wsrm_drafts"), (cprskift, "wsrm_drafts"))
def glemmer_akassen(kontrakt: Kontrakt) -> Kontrakt:
    regler = tuple(en for en in kontrakt.wsrm_recipients if en.recipient is not Modtagerrolle.AKASSE)
    return replace(kontrakt, wsrm_recipients=regler)


@boejer_tabel((registration, "wsrm_drafts"))
def fortaeller_akassen_om_kategorier(kontrakt: Kontrakt) -> Kontrakt:
    return _med_regel(kontrakt, RecipientRule(Beskedtype.PERSONKATEGORI_V1, Modtagerrolle.AKASSE, Naar.ENHVER, None))


@boejer_tabel((registration, "wsrm_drafts"))
def fortaeller_akassen_om_gruppe_4(kontrakt: Kontrakt) -> Kontrakt:
    return _med_regel(kontrakt, RecipientRule(Beskedtype.KONTAKTGRUPPE_V5, Modtagerrolle.AKASSE, Naar.OVERGAAR_TIL, 4))


@boejer_tabel((registration, "wsrm_drafts"))
def fortaeller_akassen_at_gruppe_25_aabnes(kontrakt: Kontrakt) -> Kontrakt:
    return _med_regel(kontrakt, RecipientRule(Beskedtype.KONTAKTGRUPPE_V5, Modtagerrolle.AKASSE, Naar.OVERGAAR_TIL, 25))


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


@boejer((registration, "wsb_drafts"))
def sender_kun_wsb_om_nye(rigtig: Any, *argumenter: Any) -> Iterator[WsbDraft]:
    return (en for en in rigtig(*argumenter) if isinstance(en.event, Oprettet))


@boejer((levering, "afgoer"))
def sender_aldrig_wsb_igen(rigtig: Any, *argumenter: Any) -> Any:
    afgjort = rigtig(*argumenter)
    return Opgivet(afgjort.grund) if hasattr(afgjort, "ventetid") else afgjort


@boejer((registration, "wsb_drafts"))
def sender_ingen_wsb_om_kategorier(rigtig: Any, *argumenter: Any) -> Iterator[WsbDraft]:
    return (en for en in rigtig(*argumenter) if en.event.registrering.art is not Art.PERSONKATEGORI)
