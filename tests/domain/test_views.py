from dataclasses import replace
from datetime import timedelta

from support.builders import AKASSE, JOBCENTER, NOW, TODAY, category, citizen, contract, identity, row

from vos_contracts.model.registration import Kind
from vos_reference.domain import views

KG, PC = Kind.KONTAKTGRUPPE, Kind.PERSONKATEGORI
THE_JOBCENTER, THE_AKASSE = identity(JOBCENTER), identity(AKASSE)
TWELVE = {1, 2, 4, 5, 7, 8, 10, 13, 21, 22, 23, 25}


def test_aktuelle_er_de_aabne() -> None:
    person = citizen(row(4, "closed"), row(4, "closed", end=TODAY), row(13, "is_open"), category(5))
    assert [item.registration.id for item in views.current(person, KG, THE_JOBCENTER, NOW, contract())] == ["is_open"]
    assert [item.registration.id for item in views.current(person, PC, THE_JOBCENTER, NOW, contract())] == ["category"]


def test_historikken_har_en_raekke_per_aendring_nyeste_foerst() -> None:
    deleted = replace(row(13, "b"), is_deleted=True)
    person = citizen(row(4, "a"), row(4, "a", end=TODAY), row(13, "b"), deleted)
    shown = views.history(person, KG, THE_JOBCENTER, NOW, contract())
    assert [
        (item.registration.id, item.registration.end, item.registration.is_deleted, item.is_current) for item in shown
    ] == [
        ("b", None, True, False),
        ("b", None, False, False),
        ("a", TODAY, False, True),
        ("a", None, False, False),
    ]


def test_en_kan_laeses_ogsaa_afsluttet_men_ikke_slettet_eller_af_anden_art() -> None:
    deleted = replace(row(13, "b"), is_deleted=True)
    person = citizen(row(4, "a", end=TODAY), deleted)
    found = views.en(person, KG, "a", THE_JOBCENTER, NOW, contract())
    assert found is not None
    assert found.registration.end == TODAY
    assert views.en(person, KG, "b", THE_JOBCENTER, NOW, contract()) is None
    assert views.en(person, PC, "a", THE_JOBCENTER, NOW, contract()) is None


def test_akassen_ser_de_tolv_grupper_og_ingen_andre() -> None:
    set_ = {
        group
        for group in contract().kontaktgrupper
        if views.current(citizen(row(group)), KG, THE_AKASSE, NOW, contract())
    }
    assert set_ == TWELVE


def test_akassen_ser_fire_aar_tilbage() -> None:
    limit = NOW.replace(year=NOW.year - 4)
    inside = row(13, "inside", start=limit - timedelta(days=99), end=limit)
    out = row(13, "out", start=limit - timedelta(days=99), end=limit - timedelta(days=1))
    person = citizen(out, inside)
    assert [item.registration.id for item in views.history(person, KG, THE_AKASSE, NOW, contract())] == ["inside"]
    assert len(views.history(person, KG, THE_JOBCENTER, NOW, contract())) == 2


def test_akassen_ser_aldrig_en_kategori() -> None:
    person = citizen(row(2), category(5))
    assert views.current(person, PC, THE_AKASSE, NOW, contract()) == ()
    assert views.history(person, PC, THE_AKASSE, NOW, contract()) == ()
    assert views.en(person, PC, "category", THE_AKASSE, NOW, contract()) is None


def test_akassen_ser_heller_ikke_den_aabne_raekke_af_en_gruppe_der_sluttede_for_laenge_siden() -> None:
    before = NOW.replace(year=NOW.year - 6)
    person = citizen(row(13, "a", start=before), row(13, "a", start=before, end=before))
    assert views.history(person, KG, THE_AKASSE, NOW, contract()) == ()
    assert len(views.history(person, KG, THE_JOBCENTER, NOW, contract())) == 2
