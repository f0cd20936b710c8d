"""Two pollers of one queue that die between any two calls: nothing is lost, and nothing comes again once it was terminated."""

from __future__ import annotations

import random  # noqa: TID251 - seeded, to choose what happens
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from support.stores import empty_store

from byggeklodser import JOBCENTER, NU, identitet, kontrakt
from vos_contracts.base.ids import ny_uuid
from vos_reference.application import koe
from vos_reference.application.drift import Drift
from vos_reference.application.ports import Ejer, Konvolut
from vos_reference.clock import StageClock, SystemClock
from vos_reference.domain.decision import Afvist

TYPER = ("GetContactGroupVersion5", "GetContactGroupVersion4", "GetPersonCategoryVersion1")
UNDERKOEER: Mapping[str, tuple[str, ...]] = {"": TYPER[:2], "under": TYPER[2:]}
EJER = Ejer(JOBCENTER, 0)
HVEM = identitet()


@dataclass
class Poller:
    """One process of the owner's: which sequence it has, and what it has fetched of it."""

    underkoe: str
    sekvens: str | None = None
    linjer: dict[str, int] = field(default_factory=dict)
    hentet: dict[str, list[str]] = field(default_factory=dict)


class Koe:
    """The queue, everything that was put in it, and everything that was committed."""

    def __init__(self, drift: Drift) -> None:
        self.drift = drift
        self.lagt: dict[str, list[str]] = {en: [] for en in UNDERKOEER}
        self.overdraget: dict[str, list[str]] = {en: [] for en in UNDERKOEER}
        self.udleveret: dict[str, tuple[str, ...]] = {}

    def laeg(self, underkoe: str, beskedtype: str) -> None:
        nr = f"{underkoe}{len(self.lagt[underkoe])}"
        self.lagt[underkoe].append(nr)
        with self.drift.store.transaktion() as t:
            t.laeg_i_koe([Konvolut(nr, beskedtype, EJER, b"{}", self.drift.ur.now())])

    def opret(self, en: Poller) -> None:
        inventar = koe.opret_sekvens(self.drift, HVEM, en.underkoe)
        assert not isinstance(inventar, Afvist)
        assert sum(antal for _, antal in inventar.antal) <= koe.HOEJST
        en.sekvens, en.linjer, en.hentet = inventar.sekvens.id, dict(inventar.antal), {}

    def hent(self, en: Poller, beskedtype: str) -> None:
        assert en.sekvens is not None
        svar = koe.hent(self.drift, HVEM, en.sekvens, beskedtype)
        if isinstance(svar, Afvist):  # the other one ended it, or it closed itself
            assert [fejl.kode for fejl in svar.fejl] == [4589]
            en.sekvens = None
            return
        ider = [konvolut.id for konvolut in svar.konvolutter]
        assert len(ider) == en.linjer[beskedtype], "the inventory said something else"
        assert not {*ider} & {*self.overdraget[en.underkoe]}, "it came again after it was terminated"
        en.hentet[beskedtype] = ider

    def slut(self, en: Poller, *, afslut: bool) -> None:
        assert en.sekvens is not None
        svar = (koe.afslut_sekvens if afslut else koe.luk_sekvens)(self.drift, HVEM, en.sekvens)
        en.sekvens = None
        if not isinstance(svar, Afvist) and afslut:
            self.overdraget[en.underkoe] += [id_ for ider in en.hentet.values() for id_ in ider]


@pytest.fixture
def drift(tmp_path: Path) -> Iterator[Drift]:
    store = empty_store(tmp_path / "koe.db")
    with store.transaktion() as t:
        for beskedtype in UNDERKOEER["under"]:
            t.laeg_i_underkoe(EJER, beskedtype, "under")
    k = kontrakt()
    yield Drift(store, StageClock(SystemClock(), NU), ny_uuid, k, k.udgaver["2024-4"], None, lambda post: None)
    store.luk()


@pytest.mark.parametrize("nummer", range(25), ids=lambda en: f"nr{en}")
def test_intet_tabes_og_intet_kommer_igen(drift: Drift, nummer: int) -> None:
    tilfaeldig = random.Random(nummer)
    koeen = Koe(drift)
    pollere = [Poller(""), Poller(""), Poller("under")]
    for _ in range(300):
        en = tilfaeldig.choice(pollere)
        for _ in range(tilfaeldig.choice([0, 0, 1, 7, 60])):
            underkoe = tilfaeldig.choice([*UNDERKOEER])
            koeen.laeg(underkoe, tilfaeldig.choice(UNDERKOEER[underkoe]))
        mangler = [type_ for type_ in en.linjer if type_ not in en.hentet]
        if tilfaeldig.random() < 0.1:  # it dies and knows nothing any more
            en.sekvens, en.linjer, en.hentet = None, {}, {}
        elif tilfaeldig.random() < 0.03:
            drift.ur.saet(drift.ur.now() + timedelta(minutes=61))
        elif en.sekvens is None:
            koeen.opret(en)
        elif tilfaeldig.random() < 0.05:
            koeen.slut(en, afslut=False)
        elif mangler:
            koeen.hent(en, tilfaeldig.choice(mangler))
        else:
            koeen.slut(en, afslut=True)
    for underkoe in UNDERKOEER:
        en = Poller(underkoe)
        koeen.opret(en)
        while en.linjer:
            for beskedtype in en.linjer:
                koeen.hent(en, beskedtype)
            koeen.slut(en, afslut=True)
            koeen.opret(en)
        assert sorted(koeen.overdraget[underkoe]) == sorted(koeen.lagt[underkoe])
    assert sum(map(len, koeen.lagt.values())) > 2 * koe.HOEJST
