"""The fault table: every fault of a receiver, with a kill of the sender, of the receiver, or of none.

Over seeded random runs on a real SQLite file the oracle finds nothing lost, the order kept per citizen, and whatever comes
twice under the same message id. Here the sockets are played, so that a thousand runs fit; `test_wsb_sigkill` kills real
processes.
"""

from __future__ import annotations

import asyncio
import random  # noqa: TID251 - seeded, to choose faults and moments
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from enum import Enum
from pathlib import Path

import pytest
from direkte import Direkte

from byggeklodser import AKASSE, I_DAG, JOBCENTER, NU, borger, identitet, kontrakt, registrer
from vos_contracts.base.ids import ny_uuid
from vos_contracts.control.stage import Urtilstand
from vos_contracts.control.webhooks import OrganisationDto, SubscribersystemDto
from vos_contracts.model.registration import Art, Opret
from vos_contracts.wire.abonnement import Abonnementsoenske, Synkroniseret
from vos_contracts.wire.wsb import Wsb
from vos_reference.adapters.sqlite import SqliteStore
from vos_reference.application.wsbabonnement import opret_system, synkroniser
from vos_reference.bootstrap import Applikation, byg
from vos_reference.config import Konfiguration
from vos_reference.domain.decision import Kalder
from vos_reference.domain.retry import Brast, Forsoegssvar, Svarede
from vos_simulators.oracle.expected import Ventet, Wsbabonnent, ventede
from vos_simulators.oracle.happened import fra_scenen
from vos_simulators.oracle.received import Fik, fra_wsb
from vos_simulators.oracle.verdict import bedoem
from vos_simulators.stage_reader import Driftslaeser

ABONNENTER = tuple(
    Wsbabonnent(f"0193e6a0-0000-7000-8000-00000000000{en.type}", en, frozenset({Art.KONTAKTGRUPPE}))
    for en in (JOBCENTER, AKASSE)
)
WIRE = Wsb(kontrakt())
GANGE = 42
"""Runs per cell; with 8 faults and 3 kills more than a thousand."""


class Drab(Enum):
    INGEN = "ingen"
    AFSENDER = "afsender"
    MODTAGER = "modtager"


Fejl = Callable[[random.Random], tuple[bool, Forsoegssvar]]
"""Whether the receiver has taken the message all the same, and what the sender sees."""

FEJL: dict[str, Fejl] = {
    "500": lambda tilfaeldig: (tilfaeldig.random() < 0.5, Svarede(500)),
    "503 med Retry-After": lambda tilfaeldig: (False, Svarede(503, timedelta(seconds=tilfaeldig.randrange(400)))),
    "nulstillet": lambda tilfaeldig: (tilfaeldig.random() < 0.5, Brast("ClientOSError: reset")),
    "tomt svar": lambda tilfaeldig: (True, Brast("ServerDisconnectedError")),
    "vroevl": lambda tilfaeldig: (True, Brast("ClientResponseError: 400")),
    "for langsom": lambda tilfaeldig: (tilfaeldig.random() < 0.8, Brast("intet svar inden 10 sekunder")),
    "404": lambda tilfaeldig: (False, Svarede(404)),
    "omdirigerer": lambda tilfaeldig: (False, Svarede(307)),
}


class Modtager:
    """Both receivers' end: what each has taken, in order; one may be down for a while."""

    def __init__(self, fejl: Fejl, tilfaeldig: random.Random) -> None:
        self._fejl = fejl
        self._tilfaeldig = tilfaeldig
        self.nede = False
        self.rask = False
        self.taget: list[Fik] = []

    async def post(self, url: str, krop: bytes) -> Forsoegssvar:
        for _ in range(self._tilfaeldig.randrange(4)):  # attempts end in another order than they began
            await asyncio.sleep(0)
        if self.nede:
            return Brast("ConnectionRefusedError")
        tages, svar = True, Svarede(200)
        if not self.rask and self._tilfaeldig.random() < 0.4:
            tages, svar = self._fejl(self._tilfaeldig)
        if tages:
            (system,) = [en.system for en in ABONNENTER if url == f"http://127.0.0.1/{en.organisation.type}/"]
            self.taget.append(fra_wsb(system, WIRE.laes(krop)))
        return svar

    async def luk(self) -> None:
        pass


@pytest.fixture(scope="session")
def forlaeg(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file with three members, a jobcentre's system and a fund's that subscribe."""
    fil = tmp_path_factory.mktemp("wsb") / "forlaeg.db"
    applikation = byg(Konfiguration(db=fil, clock=NU), kontrakt(), SqliteStore(fil))
    for abonnent in ABONNENTER:
        system, organisation = abonnent.system, abonnent.organisation
        org = OrganisationDto(organisation_type=organisation.type, organisation_kode=organisation.kode)
        dto = SubscribersystemDto(
            system_identifier=system, base_url=f"http://127.0.0.1/{organisation.type}", organisationer=(org,)
        )
        assert opret_system(applikation.drift, dto) is None
        oenske = Abonnementsoenske(organisation, 100008, "/", NU.date())
        assert synkroniser(applikation.drift, identitet(organisation), system, [oenske]) == Synkroniseret(1, 0, 0)
    with applikation.drift.store.transaktion() as t:
        for nummer in range(3):
            t.opret_person(replace(borger(), id=f"p{nummer}", cpr=f"020384000{nummer}"))
    applikation.luk()
    return fil


async def liv(fil: Path, modtager: Modtager, tilfaeldig: random.Random, drab: Drab) -> None:
    """Register, step the clock and kill at random, and let everything come through at last."""

    def aabn() -> Applikation:
        return byg(Konfiguration(db=fil, clock=nu), kontrakt(), SqliteStore(fil), modtager)

    async def frem(sekunder: int) -> None:
        def til(nu_: object) -> object:
            return nu + timedelta(seconds=sekunder)

        clockwork = applikation.clockwork
        await clockwork.carry_out(clockwork._due.stil(til, Urtilstand.FROSSET))  # type: ignore[arg-type]  # an instant

    nu = NU
    applikation = aabn()
    for _ in range(10):
        for _ in range(tilfaeldig.randrange(4)):
            cpr, gruppe = f"020384000{tilfaeldig.randrange(3)}", tilfaeldig.choice([13, 25, 23, 4])
            registrer(applikation.drift, cpr, Opret(Art.KONTAKTGRUPPE, gruppe, I_DAG), Kalder(identitet()), ny_uuid())
        if drab is Drab.MODTAGER and tilfaeldig.random() < 0.4:
            modtager.nede = not modtager.nede
        if drab is Drab.AFSENDER and tilfaeldig.random() < 0.4:
            arbejde = asyncio.create_task(applikation.delivery.indtil_ro())
            for _ in range(tilfaeldig.randrange(8)):  # under way, answered and not noted, or noted
                await asyncio.sleep(0)
            arbejde.cancel()
            await doed(applikation)
            applikation = aabn()
        elif tilfaeldig.random() < 0.7:
            sekunder = tilfaeldig.choice([1, 5, 60, 1000])
            await frem(sekunder)
            nu += timedelta(seconds=sekunder)
    modtager.nede, modtager.rask = False, True
    await frem(4 * 10_800)
    with applikation.drift.store.laesning() as t:
        assert [en.venter + en.doede for en in t.modtagerstande()] == [0, 0]
    applikation.luk()


async def doed(applikation: Applikation) -> None:
    """End the sender as a kill does: nothing that is under way is noted."""
    loeb = applikation.delivery
    loeb._store = lambda: None  # type: ignore[method-assign]  # the process is gone
    loeb._answered.append(None)  # type: ignore[arg-type]  # so that nobody asks for it to be stored
    for opgave in tuple(loeb._tasks):
        opgave.cancel()
    await asyncio.gather(*loeb._tasks, return_exceptions=True)
    applikation.luk()


def skulle(fil: Path) -> list[Ventet]:
    """Ask the oracle what the receivers must have of what has happened on that file."""
    applikation = byg(Konfiguration(db=fil, clock=NU), kontrakt(), SqliteStore(fil))
    modtagere = {en.modtager for en in ABONNENTER}
    alle = ventede(fra_scenen(Driftslaeser(Direkte(applikation.styring))), ABONNENTER, wsrm=False)
    applikation.luk()
    return [en for en in alle if en.modtager in modtagere]


@pytest.mark.parametrize("drab", Drab)
@pytest.mark.parametrize("fejl", FEJL)
def test_intet_tabes_og_ordenen_holder(forlaeg: Path, tmp_path: Path, fejl: str, drab: Drab) -> None:
    gentagne = ventede_ialt = 0
    for nummer in range(GANGE):
        fil = tmp_path / f"{nummer}.db"
        shutil.copyfile(forlaeg, fil)
        tilfaeldig = random.Random(f"{fejl}/{drab.value}/{nummer}")
        modtager = Modtager(FEJL[fejl], tilfaeldig)
        asyncio.run(liv(fil, modtager, tilfaeldig, drab))
        ventede_ialt += len(alle := skulle(fil))
        afvigelser = bedoem(alle, modtager.taget)
        gentagne += sum(not en.brud for en in afvigelser)
        assert [str(en) for en in afvigelser if en.brud] == [], f"run {nummer}"
    assert ventede_ialt > 5 * GANGE
    assert gentagne > 0 or (drab is not Drab.AFSENDER and fejl in ("503 med Retry-After", "404", "omdirigerer"))
