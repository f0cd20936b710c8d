"""Who shows what is not so, or not to be seen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from misdaedere.boejning import boejer, boejer_tabel, saetter
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.registration import Art
from vos_reference.application import laes
from vos_reference.domain import status, visning


@boejer((visning, "historik"))
def taber_historik(rigtig: Any, *argumenter: Any) -> Any:
    return rigtig(*argumenter)[:1]


@boejer((visning, "historik"))
def vender_historikken_om(rigtig: Any, *argumenter: Any) -> Any:
    return rigtig(*argumenter)[::-1]


@boejer((visning, "historik"))
def siger_at_alt_er_aktuelt(rigtig: Any, *argumenter: Any) -> Any:
    return tuple(replace(en, er_aktuel=True) for en in rigtig(*argumenter))


@boejer((visning, "en"))
def viser_det_slettede(rigtig: Any, person: Any, art: Any, id_: str, *andet: Any) -> Any:
    raekke = person.registreringer.get(id_)
    slettet = raekke is not None and raekke.art is art and raekke.er_slettet
    return visning.Vist(raekke, True) if slettet else rigtig(person, art, id_, *andet)


@boejer((visning, "aktuelle"))
def viser_de_lukkede_som_aktuelle(rigtig: Any, person: Any, art: Any, *andet: Any) -> Any:
    staar = (en for en in person.registreringer.values() if en.art is art and not en.er_slettet)
    return tuple(visning.Vist(en, True) for en in staar)


@boejer((laes, "_slaa_op"))
def viser_en_anden_borger(rigtig: Any, drift: Any, cpr: str, *andet: Any) -> Any:
    """Whoever is read after somebody else is shown as that one."""
    fundet = rigtig(drift, cpr, *andet)
    if not isinstance(fundet, tuple):
        return fundet
    forrige = vars(drift).setdefault("_den_forrige", fundet[0])
    vars(drift)["_den_forrige"] = fundet[0]
    return forrige, fundet[1]


@saetter(visning, "AKASSE_AAR", 5, (visning, "_aar_tilbage"))
def fem_aar_tilbage() -> None: ...


@saetter(visning, "AKASSE_AAR", 3, (visning, "_aar_tilbage"))
def tre_aar_tilbage() -> None: ...


@boejer_tabel((visning, "_synlige"))
def viser_akassen_alle_grupper(kontrakt: Kontrakt) -> Kontrakt:
    regler = {gruppe: replace(en, akasse_ser=True) for gruppe, en in kontrakt.grupperegler.items()}
    return replace(kontrakt, grupperegler=regler)


@boejer_tabel((visning, "_synlige"))
def skjuler_gruppe_8_for_akassen(kontrakt: Kontrakt) -> Kontrakt:
    regler = {
        gruppe: replace(en, akasse_ser=en.akasse_ser and gruppe != 8) for gruppe, en in kontrakt.grupperegler.items()
    }
    return replace(kontrakt, grupperegler=regler)


@boejer((status, "kollektioner"))
def glemmer_filteret_i_soap(rigtig: Any, person: Any, tjeneste: Any, laeser: Any, *andet: Any) -> Any:
    from byggeklodser import STAR

    return rigtig(person, tjeneste, replace(laeser, aktiv=STAR), *andet)


def _kollektioner_i_alle_udgaver(kontrakt: Kontrakt, *, tomme: bool) -> Kontrakt:
    udgaver = {navn: replace(en, tomme_laesekollektioner=tomme) for navn, en in kontrakt.udgaver.items()}
    return replace(kontrakt, udgaver=udgaver)


@boejer_tabel((status, "kollektioner"))
def udstiller_kollektionerne_i_2025(kontrakt: Kontrakt) -> Kontrakt:
    return _kollektioner_i_alle_udgaver(kontrakt, tomme=False)


@boejer_tabel((status, "kollektioner"))
def toemmer_kollektionerne_for_tidligt(kontrakt: Kontrakt) -> Kontrakt:
    return _kollektioner_i_alle_udgaver(kontrakt, tomme=True)


@boejer((status, "kollektioner"))
def udelader_kategorierne_i_soap(rigtig: Any, *argumenter: Any) -> Any:
    return {**rigtig(*argumenter), Art.PERSONKATEGORI: ()}


@boejer((status, "status"))
def viser_et_ophoert_tillaeg(rigtig: Any, person: Any, *andet: Any) -> Any:
    return rigtig(replace(person, tillaeg=tuple(replace(en, til=None) for en in person.tillaeg)), *andet)
