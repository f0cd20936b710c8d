"""Kill a run of the nightly jobs again and again: gone on with, it comes to what an undisturbed run comes to."""

from __future__ import annotations

import random  # noqa: TID251 - seeded, to choose the moments
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import httpx
import pytest
from folkemaengde import FOERSTE_NAT, bosaet
from processer import scene_i_proces

from vos_contracts.base import stopwatch
from vos_contracts.control.stage import Koerselsart
from vos_reference.adapters.sqlite import SqliteStore

ANTAL, KLUMP = 1500, 20
FRIST_S = 60
TEST_MAPPE = Path(__file__).parents[1]

KOER = f"""
import sys
from pathlib import Path
from byggeklodser import kontrakt
from folkemaengde import FOERSTE_NAT
from vos_contracts.control.stage import Koerselsart
from vos_contracts.base.ids import ny_uuid
from vos_reference.adapters.sqlite import SqliteStore
from vos_reference.application import batch
from vos_reference.application.drift import Drift
from vos_reference.application.ports import Koersel
from vos_reference.clock import StageClock, SystemClock
batch.KLUMP = {KLUMP}
k = kontrakt()
d = Drift(SqliteStore(Path(sys.argv[1])), StageClock(SystemClock(), FOERSTE_NAT), ny_uuid, k, k.udgaver["2024-4"],
          None, lambda post: None)
for koersel in batch.koer(d, batch.aaben(d) or batch.begynd(d, Koerselsart(sys.argv[2]), FOERSTE_NAT)):
    if isinstance(koersel, Koersel):
        print(koersel.sete, flush=True)
"""


def start(fil: Path, art: Koerselsart) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", KOER, str(fil), art.value], cwd=TEST_MAPPE, stdout=subprocess.PIPE, text=True
    )


def indhold(fil: Path) -> tuple[Counter[object], Counter[object], list[object]]:
    """History and queue without the ids that were minted, and what the run says of itself, without its time."""
    with sqlite3.connect(fil) as db:
        historik = db.execute(
            "SELECT person_id, art, type, haendelse, start, slut, registreret, registrant FROM registrering"
        ).fetchall()
        koe = db.execute(
            "SELECT beskedtype, organisation_kode, json_extract(krop, '$.cpr'), json_extract(krop, '$.type'),"
            " json_extract(krop, '$.slut') FROM besked"
        ).fetchall()
        koersler = db.execute("SELECT dag, art, status, i_alt, sete, tal FROM koersel").fetchall()
    db.close()
    return Counter(historik), Counter(koe), koersler


def er_omme(fil: Path) -> bool:
    with sqlite3.connect(fil) as db:
        (status,) = db.execute("SELECT status FROM koersel").fetchone()
    db.close()
    return bool(status == "faerdig")


@pytest.mark.parametrize("art", Koerselsart)
def test_draebt_mange_gange_er_det_samme_som_uforstyrret(art: Koerselsart, tmp_path: Path) -> None:
    chance = random.Random(1728)
    hel, brudt = tmp_path / "hel.db", tmp_path / "brudt.db"
    for fil in (hel, brudt):
        store = SqliteStore(fil)
        bosaet(store, ANTAL)
        store.luk()
    with start(hel, art) as uforstyrret:
        assert uforstyrret.wait(timeout=FRIST_S) == 0
    drab, set_foer = 0, -1
    while True:
        with start(brudt, art) as proces:
            assert proces.stdout is not None
            linjer = []
            for _ in range(chance.randint(3, 14)):
                linjer.append(proces.stdout.readline())
            if "" in linjer:  # it came to its end before it could be killed
                assert proces.wait(timeout=FRIST_S) == 0
                break
            proces.kill()
            proces.wait(timeout=FRIST_S)
        if er_omme(brudt):  # the kill came between its last commit and its last line
            break
        drab += 1
        assert int(linjer[0]) > set_foer
        set_foer = int(linjer[0])
    assert drab >= 1  # mostly ten and more; a busy machine lets it run on before the kill comes
    assert indhold(brudt) == indhold(hel)
    assert indhold(hel)[0].total() > ANTAL


def test_scenen_goer_en_draebt_koersel_faerdig_naar_den_startes_igen(tmp_path: Path) -> None:
    hel, brudt = tmp_path / "hel.db", tmp_path / "brudt.db"
    for fil in (hel, brudt):
        store = SqliteStore(fil)
        bosaet(store, ANTAL * 10)
        store.luk()
    flag = ("--people", "0", "--clock", FOERSTE_NAT.isoformat())
    with scene_i_proces("--db", str(hel), *flag, mappe=tmp_path) as proces:
        svar = httpx.post(f"{proces.styring}/styring/batch", json={"art": "fuld"}, timeout=FRIST_S)
        assert svar.json()["faerdig"] is True
    with scene_i_proces("--db", str(brudt), *flag, mappe=tmp_path) as proces:
        threading.Thread(target=_bed_om_fuld, args=(proces.styring,), daemon=True).start()
        slut = stopwatch.seconds() + FRIST_S
        while True:  # the stage answers while the run is under way
            nu = httpx.get(f"{proces.styring}/styring/batch", timeout=FRIST_S).json()
            if nu is not None and nu["sete"] >= 2000:
                break
            assert stopwatch.seconds() < slut
        assert not nu["faerdig"], "the run was over before it could be killed"
        proces.draeb()
    with scene_i_proces("--db", str(brudt), *flag, mappe=tmp_path) as proces:
        faerdig = httpx.get(f"{proces.styring}/styring/batch", timeout=FRIST_S).json()
    assert faerdig["faerdig"] is True
    assert indhold(brudt) == indhold(hel)


def _bed_om_fuld(adresse: str) -> None:
    try:
        httpx.post(f"{adresse}/styring/batch", json={"art": "fuld"}, timeout=FRIST_S)
    except httpx.TransportError:
        return
