"""Who does not let follow what follows: of groups, sickness, birthdays, jobs, and of a change of CPR number."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from misdaedere.boejning import boejer, boejer_tabel, saetter
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.identity import Identitet, Organisation
from vos_reference.domain import (
    aktivitetstillaeg,
    batchjob,
    cprskift,
    dfdg,
    fravaer,
    kontaktgruppe,
    personkategori,
    sygdom,
    visning,
)
from vos_reference.domain.decision import Udfoert


@boejer((personkategori, "foelg_gruppen"))
def glemmer_standardkategorien(rigtig: Any, udfoert: Udfoert, vilkaar: Any) -> Udfoert:
    return udfoert


@boejer((sygdom, "_rette_gruppe"))
def glemmer_den_huskede_gruppe(rigtig: Any, *argumenter: Any) -> int:
    return 8


@boejer((kontaktgruppe, "luk"))
def lukker_ikke_ved_raskmelding(rigtig: Any, *argumenter: Any) -> tuple[()]:
    return ()


@boejer((sygdom, "begynd"))
def afmelder_ikke_ved_sygdom(rigtig: Any, planlagt: Udfoert, vilkaar: Any) -> Udfoert:
    begyndt: Udfoert = rigtig(planlagt, vilkaar)
    return replace(begyndt, person=replace(begyndt.person, tilmelding=planlagt.person.tilmelding))


@saetter(batchjob, "OVERGANGSALDER", 29, (batchjob, "_dag"), (batchjob, "_fyld_tredive"))
def flytter_de_29_aarige() -> None: ...


@boejer_tabel()
def flytter_28_til_2(kontrakt: Kontrakt) -> Kontrakt:
    regler = {**kontrakt.grupperegler, 28: replace(kontrakt.grupperegler[28], overgaar_ved_30=2)}
    return replace(kontrakt, grupperegler=regler)


@boejer_tabel((batchjob, "_fleksjobdag"))
def glemmer_fleksjobbets_slut(kontrakt: Kontrakt) -> Kontrakt:
    regler = {gruppe: replace(en, fleksjob_slut=None) for gruppe, en in kontrakt.grupperegler.items()}
    return replace(kontrakt, grupperegler=regler)


@boejer((batchjob, "_dag"))
def udfoerer_alt_en_dag_for_sent(rigtig: Any, *argumenter: Any) -> Any:
    dag = rigtig(*argumenter)
    return None if dag is None else dag + timedelta(days=1)


@boejer((batchjob, "melder"))
def glemmer_hvem_der_meldte(rigtig: Any, *argumenter: Any) -> None:
    return None


@boejer((dfdg, "identitet"))
def kalder_natkoerslen_en_sagsbehandler(rigtig: Any, *argumenter: Any) -> Identitet:
    identitet: Identitet = rigtig(*argumenter)
    return replace(identitet, bruger=replace(identitet.bruger, type=2))


@boejer((batchjob, "_udloebsdag"))
def glemmer_de_udloebne(rigtig: Any, *argumenter: Any) -> None:
    return None


@boejer((aktivitetstillaeg, "foelg_gruppen"))
def beholder_aktivitetstillaegget(rigtig: Any, foer: Any, udfoert: Udfoert, vilkaar: Any) -> Udfoert:
    return udfoert


@boejer_tabel((aktivitetstillaeg, "foelg_gruppen"))
def beholder_tillaegget_ved_ny_kategori(kontrakt: Kontrakt) -> Kontrakt:
    udgaver = {navn: replace(en, tillaeg_ophoerer_ved_pc_skift=False) for navn, en in kontrakt.udgaver.items()}
    return replace(kontrakt, udgaver=udgaver)


@boejer((fravaer, "foelg_gruppen"))
def lader_fravaeret_staa(rigtig: Any, udfoert: Udfoert, vilkaar: Any) -> Udfoert:
    return udfoert


@boejer((kontaktgruppe, "fravaerskonflikt"))
def glemmer_4645(rigtig: Any, *argumenter: Any) -> tuple[()]:
    return ()


@boejer((cprskift, "flyt"))
def siger_at_pegepinden_er_flyttet(rigtig: Any, person: Any, *andet: Any) -> Any:
    flyttet = rigtig(person, *andet)
    return flyttet and replace(flyttet, person=replace(flyttet.person, cpr=person.cpr))


@boejer((cprskift, "modtagere"))
def fortaeller_andre_om_cprskiftet(rigtig: Any, *argumenter: Any) -> Any:
    yield from rigtig(*argumenter)
    yield Organisation(8, "10200")


@boejer_tabel((cprskift, "flyt"))
def flytter_pegepinden_i_alle_udgaver(kontrakt: Kontrakt) -> Kontrakt:
    udgaver = {navn: replace(en, cprskift_flytter_pegepind=True) for navn, en in kontrakt.udgaver.items()}
    return replace(kontrakt, udgaver=udgaver)


@boejer((cprskift, "flyt"), (visning, "historik"))
def taber_historik_ved_cprskift(rigtig: Any, person: Any, *andet: Any) -> Any:
    """Whoever was moved has no history any more."""
    svar = rigtig(person, *andet)
    if isinstance(svar, cprskift.Flyttet):
        _FLYTTEDE.add(person.id)
    return svar if not isinstance(svar, tuple) or person.id not in _FLYTTEDE else ()


_FLYTTEDE: set[str] = set()
