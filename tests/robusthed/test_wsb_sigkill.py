"""Kill the sending process at random moments, with the receiver closed now and then: at least once and in order."""

from __future__ import annotations

import random  # noqa: TID251 - seeded, to choose the moments
import threading
from pathlib import Path

import pytest
from processer import Proces, scene_i_proces

from byggeklodser import AKASSE, I_DAG, JOBCENTER, NU, identitet, kontrakt
from vos_contracts.base.ids import ny_uuid
from vos_contracts.model.registration import Art, Opret
from vos_contracts.wire.abonnement import Abonnementer, Abonnementsoenske, Synkroniseret
from vos_contracts.wire.base import UnreachableError
from vos_contracts.wire.rest import Rest
from vos_simulators.control import Styring
from vos_simulators.habits import WEBHOOK_HABITS
from vos_simulators.inboxes.webhook import WsbModtager
from vos_simulators.oracle.expected import Wsbabonnent, ventede
from vos_simulators.oracle.happened import fra_scenen
from vos_simulators.oracle.received import fra_wsb
from vos_simulators.oracle.verdict import Afvigelsesart, bedoem
from vos_simulators.party import Aktoer, Kanal
from vos_simulators.people import Folk, paa_scenen
from vos_simulators.stage_reader import Driftslaeser
from vos_simulators.transport import HttpTransport

GANGE = 12
KALD = 40
FRIST_S = 60
SYSTEM = "0193e6a0-0000-7000-8000-00000000000b"


def registrer_til_den_er_vaek(proces: Proces, cprnumre: list[str], nok: threading.Event) -> None:
    """Change groups until the stage is gone; say when enough calls were answered."""
    with HttpTransport(proces.tjenester) as transport, HttpTransport(proces.styring) as linje:
        styring = Styring(linje)
        kss = Aktoer(identitet(), kontrakt(), transport, ny_uuid)
        try:
            for nummer in range(10_000):
                kommando = Opret(Art.KONTAKTGRUPPE, (13, 25, 23, 4)[nummer // len(cprnumre) % 4], I_DAG)
                kss.registrer(cprnumre[nummer % len(cprnumre)], kommando, Kanal.PVS)
                if nummer % 10 == 0:
                    styring.flyt_ur(frem=2)
                if nummer >= KALD:
                    nok.set()
        except UnreachableError:
            return


def vent_paa_flere(modtager: WsbModtager, antal: int) -> None:
    foer = len(modtager.ankomster)
    modtager.vent(lambda: len(modtager.ankomster) >= foer + antal, f"{antal} kald til", FRIST_S)


@pytest.mark.parametrize("uvane", ["takes_in", "answers_500_twice", "resets"])
def test_draebt_igen_og_igen_leveres_alt_mindst_en_gang_i_orden(tmp_path: Path, uvane: str) -> None:
    tilfaeldig = random.Random(uvane)
    folk = Folk(seed=7)
    borgere = [folk.ny(40, NU.date()) for _ in range(5)]
    flag = ("--db", "scene.db", "--people", "0", "--clock", NU.isoformat())
    gentagelser = 0
    with WsbModtager(kontrakt(), WEBHOOK_HABITS[uvane]()) as modtager:
        for gang in range(GANGE // 3):
            with scene_i_proces(*flag, mappe=tmp_path) as proces:
                if gang == 0:
                    with HttpTransport(proces.styring) as linje, HttpTransport(proces.tjenester) as tjenester:
                        styring = Styring(linje)
                        styring.opsaet(*(paa_scenen(en, akasse=AKASSE) for en in borgere))
                        styring.subscribersystem(SYSTEM, modtager.adresse, JOBCENTER, AKASSE)
                        wire = Abonnementer(kontrakt(), Rest(kontrakt()))
                        oensker = [Abonnementsoenske(en, 100008, "/wsb", NU.date()) for en in (JOBCENTER, AKASSE)]
                        svar = tjenester.send(wire.kald(SYSTEM, oensker, identitet(), ny_uuid()))
                        assert wire.forstaa(svar) == Synkroniseret(2, 0, 0)
                nok = threading.Event()
                argumenter = (proces, [en.cpr for en in borgere], nok)
                traad = threading.Thread(target=registrer_til_den_er_vaek, args=argumenter, daemon=True)
                traad.start()
                assert nok.wait(FRIST_S)
                if gang % 2:
                    modtager.luk()
                else:
                    vent_paa_flere(modtager, tilfaeldig.randrange(1, 8))
                proces.draeb()
                traad.join(timeout=FRIST_S)
                assert not traad.is_alive()
                if gang % 2:
                    modtager.aabn()
        with scene_i_proces(*flag, mappe=tmp_path) as proces, HttpTransport(proces.styring, tidsfrist=None) as linje:
            styring = Styring(linje)
            styring.flyt_ur(frem="PT4H")
            assert [(en.venter, en.doede) for en in styring.wsb().modtagere] == [(0, 0), (0, 0)]
            abonnenter = [Wsbabonnent(SYSTEM, en, frozenset({Art.KONTAKTGRUPPE})) for en in (JOBCENTER, AKASSE)]
            skulle = [
                en
                for en in ventede(fra_scenen(Driftslaeser(linje)), abonnenter, wsrm=False)
                if en.modtager in {abonnent.modtager for abonnent in abonnenter}
            ]
            afvigelser = bedoem(skulle, [fra_wsb(SYSTEM, en) for en in modtager.beskeder])
        assert [str(en) for en in afvigelser if en.brud] == []
        gentagelser += sum(en.art is Afvigelsesart.GENTAGELSE for en in afvigelser)
        assert len(skulle) > KALD
    assert gentagelser > 0 or uvane != "resets"
