from __future__ import annotations

import asyncio

import pytest

from vos_reference.adapters.maegler_intern import Abonnement, InternMaegler
from vos_reference.application.ports import Haendelsesbrev, Maegler, MaeglerVaek
from vos_reference.testing.broker_contract import DOMAENER, JOBSEARCH, Lytter, MaeglerKontrakt, Opstilling, brev, koer


class Lytteren:
    def __init__(self, abonnement: Abonnement) -> None:
        self._abonnement = abonnement
        self._sidste: Haendelsesbrev | None = None

    async def modtag(self) -> tuple[str, str, bytes]:
        self._sidste = await self._abonnement.modtag()
        return self._sidste.id, self._sidste.emne, self._sidste.krop

    async def kvitter(self) -> None:
        assert self._sidste is not None
        self._abonnement.kvitter(self._sidste)

    async def luk(self) -> None:
        self._abonnement.luk()


class Intern:
    def __init__(self) -> None:
        self._maegler = InternMaegler(DOMAENER)

    def maegler(self) -> Maegler:
        return self._maegler

    async def lyt(self, domaene: str) -> Lytter:
        return Lytteren(self._maegler.abonner(domaene))

    async def venter(self, domaene: str) -> int:
        return self._maegler.venter(domaene)

    async def tag_ned(self) -> None:
        self._maegler.nede = True

    async def tag_op(self) -> None:
        self._maegler.nede = False


class TestIntern(MaeglerKontrakt):
    @pytest.fixture
    def opstilling(self) -> Opstilling:
        return Intern()


def test_en_koe_som_ingen_lytter_til_er_flad() -> None:
    async def arbejde() -> None:
        maegler = InternMaegler(DOMAENER, hoejst=10)
        for nr in range(1, 101):
            await maegler.publicer([brev(nr)])
        assert maegler.venter(JOBSEARCH) == 10
        assert (await maegler.abonner(JOBSEARCH).modtag()).id == "id-91"

    koer(arbejde())


def test_en_lytter_der_ikke_foelger_med_holder_udgiveren_tilbage_og_mister_intet() -> None:
    async def arbejde() -> None:
        maegler = InternMaegler(DOMAENER, hoejst=10)
        lytter = maegler.abonner(JOBSEARCH)
        await maegler.publicer([brev(nr) for nr in range(1, 10)])
        foerste = await lytter.modtag()
        with pytest.raises(MaeglerVaek, match="queue of JobSearch is full"):
            await maegler.publicer([brev(10), brev(11)])
        assert maegler.venter(JOBSEARCH) == 8, "none of a batch that was refused"
        lytter.kvitter(foerste)
        await maegler.publicer([brev(10), brev(11)])
        assert [(await lytter.modtag()).nr for _ in range(10)] == list(range(2, 12))

    koer(arbejde())


def test_to_lyttere_deler_og_det_ukvitterede_kommer_i_orden() -> None:
    async def arbejde() -> None:
        maegler = InternMaegler(DOMAENER)
        en, to = maegler.abonner(JOBSEARCH), maegler.abonner(JOBSEARCH)
        venter = asyncio.ensure_future(to.modtag())
        await maegler.publicer([brev(nr) for nr in range(1, 5)])
        taget = [await en.modtag(), await venter, await en.modtag()]
        assert sorted(et.nr for et in taget) == [1, 2, 3]
        to.luk()
        en.luk()
        tre = maegler.abonner(JOBSEARCH)
        assert [(await tre.modtag()).nr for _ in range(4)] == [1, 2, 3, 4]
        with pytest.raises(ValueError, match="not in list"):
            tre.kvitter(brev(9))

    koer(arbejde())
