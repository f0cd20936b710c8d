from __future__ import annotations

from datetime import timedelta

from byggeklodser import I_DAG, JOBCENTER, NU
from vos_contracts.control.operations import Borgerstand, LagtHaendelse, Stand
from vos_contracts.model.registration import Aendringstype, Art
from vos_contracts.wire.haendelser import Domaenehaendelse, afkod_haendelse, kod_haendelse
from vos_simulators.divergence import Afvigelse, Slags, sammenlign

A = Stand(type=4, id="a", start=I_DAG)
B = Stand(type=13, id="b", start=I_DAG)


def haendelse(nr: int, stand: Stand, aendring: Aendringstype, art: Art = Art.KONTAKTGRUPPE) -> LagtHaendelse:
    assert stand.start is not None
    en = Domaenehaendelse(
        haendelse_id=f"h{nr}",
        entitet=art,
        aendringstype=aendring,
        borger_id="p",
        cpr="0203840023",
        id=stand.id,
        type=stand.type,
        haendelse=None,
        start=stand.start,
        slut=stand.slut,
        myndighed=JOBCENTER,
        indtraffet=NU,
    )
    return LagtHaendelse(nr=nr, haendelse=en)


FORTALT = (
    haendelse(1, A, Aendringstype.OPRETTET),
    haendelse(2, Stand(type=4, id="a", start=I_DAG, slut=NU), Aendringstype.AENDRET),
    haendelse(3, B, Aendringstype.OPRETTET),
)


def stand(*grupper: Stand) -> Borgerstand:
    return Borgerstand(borger_id="p", cpr="0203840023", kontaktgrupper=grupper)


def fundne(
    vores: Borgerstand, deres: Borgerstand, *fortalt: LagtHaendelse
) -> list[tuple[Slags, object, object, object]]:
    alle = sammenlign("JobSearch", frozenset(Art), vores, deres, fortalt)
    return [(en.slags, en.vores, en.deres, en.haendelse_nr) for en in alle]


def test_enighed() -> None:
    assert fundne(stand(B), stand(B), *FORTALT) == []
    assert fundne(stand(), stand()) == []


def test_de_fire_slags_og_haendelsen_der_skulle_have_fortalt_det() -> None:
    assert fundne(stand(B), stand(), *FORTALT) == [(Slags.MANGLER, 13, None, 3)]
    assert fundne(stand(), stand(A), *FORTALT[:2]) == [(Slags.EKSTRA, None, 4, 2)]
    assert fundne(stand(B), stand(A), *FORTALT) == [(Slags.FORAELDET, 13, 4, 3)]
    assert fundne(stand(B), stand(Stand(type=7, id="x")), *FORTALT) == [(Slags.ANDEN, 13, 7, 3)]


def test_to_aabne_hos_dem_er_en_for_meget() -> None:
    assert fundne(stand(B), stand(A, B), *FORTALT) == [(Slags.EKSTRA, None, 4, 2)]
    assert fundne(stand(B), stand(B, A), *FORTALT) == [(Slags.EKSTRA, None, 4, 2)]


def test_den_samme_registrering_med_en_gammel_slutdato() -> None:
    slutter = Stand(type=13, id="b", start=I_DAG, slut=NU + timedelta(days=3))
    fortalt = (*FORTALT, haendelse(4, slutter, Aendringstype.AENDRET))
    assert fundne(stand(slutter), stand(B), *fortalt) == [(Slags.FORAELDET, 13, 13, 4)]
    andet = Stand(type=13, id="b", start=I_DAG, slut=NU + timedelta(days=9))
    assert fundne(stand(slutter), stand(andet), *fortalt) == [(Slags.ANDEN, 13, 13, 4)]


def test_hvad_et_domaene_ikke_ved_kan_ikke_afvige() -> None:
    assert fundne(stand(B), stand(Stand(type=13)), *FORTALT) == []
    assert fundne(stand(B), stand(Stand(type=13, id="b")), *FORTALT) == []
    assert fundne(stand(B), stand(Stand(type=13, start=I_DAG - timedelta(days=1))), *FORTALT) == [
        (Slags.ANDEN, 13, 13, 3)
    ]


def test_et_domaene_sammenlignes_kun_om_det_det_hoerer_om() -> None:
    vores = Borgerstand(borger_id="p", cpr="0203840023", kontaktgrupper=(B,), personkategorier=(Stand(type=5, id="k"),))
    kun_grupper = list(sammenlign("Virksomhedsindsats", {Art.KONTAKTGRUPPE}, vores, stand(B), FORTALT))
    assert kun_grupper == []
    begge = list(sammenlign("JobSearch", frozenset(Art), vores, stand(B), FORTALT))
    assert [(en.art, en.slags, en.haendelse_nr) for en in begge] == [(Art.PERSONKATEGORI, Slags.MANGLER, None)]


def test_en_afvigelse_naevner_borgeren_maskeret_og_haendelsen() -> None:
    assert list(sammenlign("JobSearch", {Art.KONTAKTGRUPPE}, stand(B), stand(), FORTALT)) == [
        Afvigelse(
            domaene="JobSearch", art=Art.KONTAKTGRUPPE, slags=Slags.MANGLER, borger="020384xxxx", registrering="b",
            vores=13, deres=None, haendelse_nr=3, haendelse_id="h3",
        )
    ]  # fmt: skip
    ukendt = Stand(type=7, id="x")
    (en,) = sammenlign("JobSearch", {Art.KONTAKTGRUPPE}, stand(), stand(ukendt), FORTALT)
    assert (en.slags, en.haendelse_nr, en.haendelse_id) == (Slags.EKSTRA, None, None)


def test_haendelsen_paa_traaden() -> None:
    """Pinned: a broker's other end reads these names."""
    krop = kod_haendelse(FORTALT[1].haendelse)
    assert krop == (
        b'{"haendelseId":"h2","entitet":"kontaktgruppe","aendringstype":2,"borgerId":"p","cpr":"0203840023","id":"a",'
        b'"type":4,"haendelse":null,"start":"2024-11-18T00:00:00+01:00","slut":"2024-11-18T09:00:00+01:00",'
        b'"myndighed":{"type":8,"kode":"10100"},"indtraffet":"2024-11-18T09:00:00+01:00"}'
    )
    assert afkod_haendelse(krop) == FORTALT[1].haendelse
