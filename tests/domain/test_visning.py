from dataclasses import replace
from datetime import timedelta

from byggeklodser import AKASSE, I_DAG, JOBCENTER, NU, borger, identitet, kategori, kontrakt, raekke
from vos_contracts.model.registration import Art
from vos_reference.domain import visning

KG, PC = Art.KONTAKTGRUPPE, Art.PERSONKATEGORI
JOBCENTRET, AKASSEN = identitet(JOBCENTER), identitet(AKASSE)
TOLV = {1, 2, 4, 5, 7, 8, 10, 13, 21, 22, 23, 25}


def test_aktuelle_er_de_aabne() -> None:
    person = borger(raekke(4, "lukket"), raekke(4, "lukket", slut=I_DAG), raekke(13, "aaben"), kategori(5))
    assert [en.registrering.id for en in visning.aktuelle(person, KG, JOBCENTRET, NU, kontrakt())] == ["aaben"]
    assert [en.registrering.id for en in visning.aktuelle(person, PC, JOBCENTRET, NU, kontrakt())] == ["kategori"]


def test_historikken_har_en_raekke_per_aendring_nyeste_foerst() -> None:
    slettet = replace(raekke(13, "b"), er_slettet=True)
    person = borger(raekke(4, "a"), raekke(4, "a", slut=I_DAG), raekke(13, "b"), slettet)
    vist = visning.historik(person, KG, JOBCENTRET, NU, kontrakt())
    assert [(en.registrering.id, en.registrering.slut, en.registrering.er_slettet, en.er_aktuel) for en in vist] == [
        ("b", None, True, False),
        ("b", None, False, False),
        ("a", I_DAG, False, True),
        ("a", None, False, False),
    ]


def test_en_kan_laeses_ogsaa_afsluttet_men_ikke_slettet_eller_af_anden_art() -> None:
    slettet = replace(raekke(13, "b"), er_slettet=True)
    person = borger(raekke(4, "a", slut=I_DAG), slettet)
    fundet = visning.en(person, KG, "a", JOBCENTRET, NU, kontrakt())
    assert fundet is not None
    assert fundet.registrering.slut == I_DAG
    assert visning.en(person, KG, "b", JOBCENTRET, NU, kontrakt()) is None
    assert visning.en(person, PC, "a", JOBCENTRET, NU, kontrakt()) is None


def test_akassen_ser_de_tolv_grupper_og_ingen_andre() -> None:
    set_ = {
        gruppe
        for gruppe in kontrakt().kontaktgrupper
        if visning.aktuelle(borger(raekke(gruppe)), KG, AKASSEN, NU, kontrakt())
    }
    assert set_ == TOLV


def test_akassen_ser_fire_aar_tilbage() -> None:
    graense = NU.replace(year=NU.year - 4)
    inde = raekke(13, "inde", start=graense - timedelta(days=99), slut=graense)
    ude = raekke(13, "ude", start=graense - timedelta(days=99), slut=graense - timedelta(days=1))
    person = borger(ude, inde)
    assert [en.registrering.id for en in visning.historik(person, KG, AKASSEN, NU, kontrakt())] == ["inde"]
    assert len(visning.historik(person, KG, JOBCENTRET, NU, kontrakt())) == 2


def test_akassen_ser_aldrig_en_kategori() -> None:
    person = borger(raekke(2), kategori(5))
    assert visning.aktuelle(person, PC, AKASSEN, NU, kontrakt()) == ()
    assert visning.historik(person, PC, AKASSEN, NU, kontrakt()) == ()
    assert visning.en(person, PC, "kategori", AKASSEN, NU, kontrakt()) is None


def test_akassen_ser_heller_ikke_den_aabne_raekke_af_en_gruppe_der_sluttede_for_laenge_siden() -> None:
    foer = NU.replace(year=NU.year - 6)
    person = borger(raekke(13, "a", start=foer), raekke(13, "a", start=foer, slut=foer))
    assert visning.historik(person, KG, AKASSEN, NU, kontrakt()) == ()
    assert len(visning.historik(person, KG, JOBCENTRET, NU, kontrakt())) == 2
