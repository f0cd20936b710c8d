import shutil
import sqlite3
import threading
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
import yoyo
from support.stores import empty_store

from vos_reference.adapters.sqlite import SqliteStore
from vos_reference.adapters.sqlite.store import DatabaseFejl
from vos_reference.application.ports import Store, StoreUtilgaengelig
from vos_reference.testing.store_contract import StoreKontrakt, person


class TestSqlite(StoreKontrakt):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        return empty_store(tmp_path / "a b.db")

    @pytest.fixture
    def andet_store(self, tmp_path: Path) -> Iterator[Store]:
        store = SqliteStore(
            tmp_path / "andet.db"
        )  # migrated by itself: a copy has the generation of what it is a copy of
        yield store
        store.luk()


def test_data_ligger_i_filen_og_kan_laeses_med_sql(tmp_path: Path) -> None:
    fil = tmp_path / "g.db"
    store = SqliteStore(fil)
    with store.transaktion() as t:
        t.opret_person(person())
    store.luk()
    igen = SqliteStore(fil)
    with igen.laesning() as t:
        assert t.find_person("0201901234") == person()
    igen.luk()
    with sqlite3.connect(fil) as db:
        raekker = db.execute(
            "SELECT art, type, organisation_type, organisation_kode, system FROM registrering ORDER BY nr"
        ).fetchall()
    db.close()
    assert raekker == [("kontaktgruppe", 2, 8, "10100", 1001), ("personkategori", 8, 8, "10100", 1001)]


def test_borgere_fra_foer_udtraekkene_er_med_i_dem(tmp_path: Path) -> None:
    """A file of the release before: its citizens have no number of their own until it is brought up to date."""
    fil = tmp_path / "g.db"
    mappe = str(files("vos_reference.adapters.sqlite").joinpath("migrationer"))
    bagende = yoyo.get_backend(f"sqlite:///{fil.as_posix()}")
    aeldre = yoyo.read_migrations(mappe).filter(lambda trin: trin.id < "0003")
    with bagende.lock():
        bagende.apply_migrations(bagende.to_apply(aeldre))
    bagende.connection.close()
    with sqlite3.connect(fil) as db:
        db.execute("INSERT INTO person VALUES ('p1', '0201901234', '1990-01-02', NULL)")
        db.execute("INSERT INTO cpr VALUES ('0201901234', 'p1')")
    db.close()
    store = SqliteStore(fil)
    with store.laesning() as t:
        assert [(en.id, en.cpr) for _, en in t.borgere_efter(0, 9)] == [("p1", "0201901234")]
        assert t.sidste_haendelse() == 0
    store.luk()


def test_positionerne_hos_maeglere_kan_rulles_tilbage_og_frem_igen(tmp_path: Path) -> None:
    fil = tmp_path / "g.db"
    SqliteStore(fil).luk()
    trin = yoyo.read_migrations(str(files("vos_reference.adapters.sqlite").joinpath("migrationer")))
    bagende = yoyo.get_backend(f"sqlite:///{fil.as_posix()}")
    with bagende.lock():
        bagende.rollback_migrations(bagende.to_rollback(trin.filter(lambda en: en.id >= "0006")))
    tabeller = {navn for (navn,) in bagende.execute("SELECT name FROM sqlite_master").fetchall()}
    bagende.connection.close()
    assert "domaenehaendelse" in tabeller
    assert "maeglerposition" not in tabeller
    store = SqliteStore(fil)
    with store.transaktion() as t:
        t.flyt_maeglerposition("en", "JobSearch", 1)
    store.luk()


def test_en_fil_der_ikke_er_en_database_navngives(tmp_path: Path) -> None:
    fil = tmp_path / "tekst.db"
    fil.write_text("dette er ikke en database, men en tekst der er lang nok til at blive læst")
    with pytest.raises(DatabaseFejl, match=r"tekst\.db"):
        SqliteStore(fil)


def test_en_laast_database_er_utilgaengelig_og_intet_er_aendret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fil = tmp_path / "g.db"
    monkeypatch.setattr("vos_reference.adapters.sqlite.store.VENTETID_S", 0)
    store = SqliteStore(fil)
    anden = sqlite3.connect(fil, isolation_level=None)
    anden.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUtilgaengelig), store.transaktion() as t:
        t.opret_person(person())
    anden.execute("ROLLBACK")
    anden.close()
    with store.transaktion() as t:
        assert t.antal_personer() == 0
    store.luk()


def test_vedligehold_foerer_loggen_over_i_filen_ved_siden_af_en_transaktion(tmp_path: Path) -> None:
    """What a copy of the file alone holds is what was carried over; the transaction beside it goes on undisturbed."""
    fil, kopi = tmp_path / "g.db", tmp_path / "kopi.db"
    store = SqliteStore(fil)
    with store.transaktion() as t:
        t.opret_person(person())
    assert _borgere(fil, kopi) == []
    with store.transaktion() as t:
        t.opret_person(person("0301901234", "p2"))
        traad = threading.Thread(target=store.vedligehold)
        traad.start()
        traad.join(30)
        assert not traad.is_alive()
        assert _borgere(fil, kopi) == ["p1"]
    store.vedligehold()
    assert _borgere(fil, kopi) == ["p1", "p2"]
    store.luk()
    store.vedligehold()


def _borgere(fil: Path, kopi: Path) -> list[str]:
    shutil.copy(fil, kopi)
    with sqlite3.connect(kopi) as db:
        raekker = db.execute("SELECT id FROM person ORDER BY id").fetchall()
    db.close()
    return [id_ for (id_,) in raekker]
