"""Kill the process at random moments under load: a change and its messages are both there, or neither."""

from __future__ import annotations

import random  # noqa: TID251 - seeded, to choose the moments
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from processer import Proces, scene_i_proces

from byggeklodser import I_DAG, NU, identitet
from vos_contracts.base.ids import ny_uuid
from vos_contracts.kontrakt import indlaes
from vos_contracts.model.registration import Art, Opdater, Opret
from vos_contracts.wire.base import UnreachableError
from vos_simulators.control import Styring
from vos_simulators.party import Aktoer, Kanal
from vos_simulators.people import Folk, paa_scenen
from vos_simulators.transport import HttpTransport

GANGE = 50
TRAADE = 3
FRIST_S = 60
_FORVENTET = {
    "kontaktgruppe": ("GetContactGroupVersion5", "GetContactGroupVersion4"),
    "personkategori": ("GetPersonCategoryVersion1",),
}


class Belastning:
    """Registers and ends groups over both channels until the stage is gone; says when enough calls were answered."""

    def __init__(self, proces: Proces, cprnumre: list[str], nok: int) -> None:
        self.besvaret = 0
        self.nok = threading.Event()
        self._laas = threading.Lock()
        self._graense = nok
        self._traade = [
            threading.Thread(target=self._koer, args=(proces, cpr, kanal), daemon=True)
            for cpr, kanal in zip(cprnumre, (Kanal.PVS, Kanal.PRS, Kanal.PVS), strict=True)
        ]
        for traad in self._traade:
            traad.start()

    def _koer(self, proces: Proces, cpr: str, kanal: Kanal) -> None:
        with HttpTransport(proces.tjenester) as transport:
            kss = Aktoer(identitet(), indlaes(), transport, ny_uuid)
            try:
                while True:
                    for gruppe in (2, 4):  # with and without a category that follows
                        svar = kss.registrer(cpr, Opret(Art.KONTAKTGRUPPE, gruppe, I_DAG), kanal)
                        self._taeller()
                        if isinstance(svar, str) and gruppe == 4:
                            kss.registrer(cpr, Opdater(Art.KONTAKTGRUPPE, svar, NU), kanal)
                            self._taeller()
            except UnreachableError:
                return

    def _taeller(self) -> None:
        with self._laas:
            self.besvaret += 1
            if self.besvaret >= self._graense:
                self.nok.set()

    def slut(self) -> None:
        for traad in self._traade:
            traad.join(timeout=FRIST_S)
            assert not traad.is_alive()


def raekker_uden_beskeder(fil: Path) -> Iterator[str]:
    """Compare the history with the queue, registration by registration."""
    with sqlite3.connect(fil) as db:
        historik = Counter(db.execute("SELECT art, id FROM registrering").fetchall())
        koe = Counter(db.execute("SELECT beskedtype, json_extract(krop, '$.id') FROM besked").fetchall())
    db.close()
    for (art, id_), antal in historik.items():
        for besked in _FORVENTET[art]:
            if koe.pop((besked, id_), 0) != antal:
                yield f"{art} {id_} has {antal} rows and not as many {besked}"
    yield from (f"{besked} about {id_}, which has no rows" for besked, id_ in koe)


def test_aendring_og_beskeder_er_et(tmp_path: Path) -> None:
    fil, chance, folk = tmp_path / "scene.db", random.Random(1728), Folk(seed=17)
    raekker = 0
    for _ in range(GANGE):
        with scene_i_proces("--db", str(fil), "--people", "0", "--clock", NU.isoformat(), mappe=tmp_path) as proces:
            borgere = [folk.ny(40, NU.date()) for _ in range(TRAADE)]
            with HttpTransport(proces.styring) as styring:
                Styring(styring).opsaet(*(paa_scenen(borger) for borger in borgere))
            belastning = Belastning(proces, [borger.cpr for borger in borgere], chance.randint(1, 60))
            assert belastning.nok.wait(FRIST_S)
            proces.draeb()
            belastning.slut()
        assert list(raekker_uden_beskeder(fil)) == []
        with sqlite3.connect(fil) as db:
            (nu,) = db.execute("SELECT count(*) FROM registrering").fetchone()
        db.close()
        assert nu > raekker
        raekker = nu


def test_sammenligningen_ser_en_manglende_og_en_overskydende_besked(tmp_path: Path) -> None:
    fil = tmp_path / "scene.db"
    with scene_i_proces("--db", str(fil), "--people", "0", "--clock", NU.isoformat(), mappe=tmp_path) as proces:
        borger = Folk(seed=18).ny(40, NU.date())
        with HttpTransport(proces.styring) as styring, HttpTransport(proces.tjenester) as transport:
            Styring(styring).opsaet(paa_scenen(borger))
            kss = Aktoer(identitet(), indlaes(), transport, ny_uuid)
            assert isinstance(kss.registrer(borger.cpr, Opret(Art.KONTAKTGRUPPE, 2, I_DAG), Kanal.PVS), str)
    assert list(raekker_uden_beskeder(fil)) == []
    with sqlite3.connect(fil) as db:
        db.execute("DELETE FROM besked WHERE nr = (SELECT min(nr) FROM besked)")
    db.close()
    assert len(list(raekker_uden_beskeder(fil))) == 1
    with sqlite3.connect(fil) as db:
        db.execute("DELETE FROM registrering WHERE art = 'personkategori'")
    db.close()
    assert len(list(raekker_uden_beskeder(fil))) == 2


@pytest.mark.parametrize("signal_navn", ["SIGINT", "SIGTERM"])
def test_et_signal_lukker_paent(tmp_path: Path, signal_navn: str) -> None:
    import signal

    with scene_i_proces(mappe=tmp_path) as proces:
        proces.popen.send_signal(getattr(signal, signal_navn))
        assert proces.popen.wait(timeout=FRIST_S) == 0
        assert proces.popen.stderr is not None
        assert proces.popen.stderr.read() == ""
